"""``rules.toml`` as frozen objects, read once: what each SDK asks for, and what the words of its service mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engine.budgets.labels import provider_name
from engine.errors import UsageError
from engine.telemetry.words import Finish


@dataclass(frozen=True, slots=True)
class Service:
    """A provider that can be called."""

    name: str
    sdk: str
    """Module of its official SDK."""
    extra: str
    """Extra of packsight that installs the SDK."""
    key_variables: tuple[str, ...]
    url_variable: str
    takes_thinking: bool
    """Whether a call may say how many tokens the model may think."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How one model is asked."""

    provider: str
    api: str
    """``responses``, ``chat``, ``messages`` or ``generate_content``."""
    parameter: str
    """What the ceiling is called."""
    effort: str
    """Where reasoning effort is written; ``""`` for a model that takes none."""
    prefill: bool
    """Whether the beginning of an answer can be given to the model as its own."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a provider's word for the end of an answer means."""

    finish: Finish
    truncated: bool | None
    complete: bool
    usable: bool


def service_of(label: str) -> Service:
    """Return what is known of a provider that can be called.

    Raises:
        UsageError: it is not one of the three.
    """
    name = provider_name(label)
    found = _services().get(name)
    if found is None:
        said = f"'{label[:60]}' cannot be called" if label else "no provider is named"
        raise UsageError(said, f"providers: {', '.join(_services())}; name one with --provider")
    return found


def wire_of(provider: str, model: str, api: str = "") -> Wire:
    """Return how a model is asked: the first row of the rules that fits.

    Args:
        provider: Normalised name of the provider.
        model: Id of the model; one nobody knows gets the last row.
        api: Interface to use instead of the one the rules prefer.

    Raises:
        UsageError: the provider has no such interface.
    """
    rows = [row for row in rules()["wire"] if row["provider"] == provider]
    apis = list(dict.fromkeys(row["api"] for row in rows))
    if api and api not in apis:
        raise UsageError(f"{provider} has no interface '{api[:60]}'", f"interfaces: {', '.join(apis)}")
    name = model.lower().rpartition("/")[2]
    row = next(row for row in rows if api in ("", row["api"]) and re.search(row["pattern"], name))
    return Wire(provider, row["api"], row["parameter"], row["effort"], row.get("prefill", False))


def ending_of(word: str) -> Ending:
    """Return what a word means; one that is not known says nothing, and its row teaches nothing."""
    return _endings().get(word.lower(), Ending(Finish.UNKNOWN, None, False, True))


@cache
def rules() -> Mapping[str, Any]:
    """The table of ``rules.toml``."""
    return tomllib.loads(files("engine.telemetry.providers").joinpath("rules.toml").read_text("utf-8"))


@cache
def _services() -> Mapping[str, Service]:
    return {
        name: Service(name, row["sdk"], row["extra"], tuple(row["keys"]), row["url"], row["thinking"])
        for name, row in rules()["provider"].items()
    }


@cache
def _endings() -> Mapping[str, Ending]:
    return {
        word: Ending(Finish(row["finish"]), row.get("truncated"), row["complete"], row["usable"])
        for row in rules()["ending"]
        for word in row["words"]
    }
