"""From settled settings to a request for a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from engine.config import Config
from engine.errors import InputError, UsageError
from engine.model import Model
from engine.request import PackRequest, ScanRequest, Tuning
from engine.tuning import merge
from engine.usecases.budgets import within
from engine.usecases.in_force import Shelf
from engine.usecases.variants import TUNED, WORK_TREE, Known, parse_variant

_LONGEST_NUMBER = 12
"""Digits of a number of tokens."""


def pack_request(scan: ScanRequest, model: Model, config: Config, asked: Tuning, query: str) -> PackRequest:
    """Make a request of settings that a profile and a saved budget have been laid over.

    Args:
        scan: Which files.
        model: Whose window the budget is for.
        config: Settings with the profile in force.
        asked: Wishes named for this run; they win over the settings.
        query: What the pack is for, or ``""``.

    Raises:
        InputError: a table of the settings holds a value that is none.
        UsageError: budget, reserve or wishes make no sense.
    """
    reserve = reserve_tokens(config["reserve"])
    return PackRequest(
        scan=scan,
        # Here it is still known which file, variable or profile says so.
        budget=within(config.settings["budget"], model.context_window, reserve),
        format=config["format"],
        reserve_tokens=reserve,
        tuning=merge(config.pack, "pack settings", asked),
        profile=config["profile"],
        query=query,
    )


def reserve_tokens(written: object) -> int:
    """Read a reserve as people write it.

    Raises:
        UsageError: it is no number of tokens.
    """
    digits = str(written).strip().replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise UsageError(f"reserve '{written}' is not a number of tokens", "for instance --reserve 8192")
    return int(digits)


class Asking(Protocol):
    """What the facade can answer about settings."""

    def models(self) -> tuple[Model, ...]:
        """The catalog."""
        ...

    def config(self, path: Path | None, flags: dict[str, object]) -> Config:
        """Settings of a repository."""
        ...

    def shelf(self, scan: ScanRequest, config: Config) -> Shelf:
        """Where the profiles of a repository and model are."""
        ...

    def settings(self, scan: ScanRequest, config: Config) -> Config:
        """Settings with the profile in force."""
        ...

    def request(self, scan: ScanRequest, config: Config, asked: Tuning, query: str) -> PackRequest:
        """A request of settings."""
        ...


def variant_request(
    ask: Asking,
    scan: ScanRequest,
    flags: Mapping[str, object],
    text: str,
    is_revision: Callable[[Path, str], bool],
) -> PackRequest:
    """One side of a comparison: the settings as they are, with those that ``text`` names in their place.

    Raises:
        UsageError: ``text`` names something that is not there.
        InputError: a model, profile or revision that it names is not there.
    """
    root = scan.path if scan.path.is_dir() else None
    flags = {"model": scan.model, **{key: value for key, value in flags.items() if value is not None}}
    base = ask.config(root, flags)
    models = {name.lower(): model.id for model in ask.models() for name in (model.id, *model.aliases)}
    known = Known(models, lambda: ask.shelf(scan, base).names(), lambda word: is_revision(scan.path, word))
    named = parse_variant(text, known)
    rev, query = named.pop("rev", scan.rev), named.pop("query", "")
    config = ask.config(root, {**flags, **named})
    side = replace(scan, model=config["model"], rev=None if rev == WORK_TREE else rev)
    if rev == TUNED:
        side = replace(side, rev=None)
        side = replace(side, rev=_tuned_at(ask, side, config))
    return ask.request(side, config, Tuning(), query)


def _tuned_at(ask: Asking, scan: ScanRequest, config: Config) -> str:
    name = ask.settings(scan, config)["profile"]
    profile = ask.shelf(scan, config).newest(name) if name else None
    if profile is None:
        raise UsageError("no profile is in force, so there is no revision that one was tuned at", "name one: profile=…")
    if not profile.tuned_at_revision:
        raise InputError(f"profile '{name}' does not say at which revision it was tuned", "save it once more")
    return profile.tuned_at_revision


def is_revision(path: Path, word: str) -> bool:
    """Tell whether the repository at a path has a revision."""
    from engine.walk import open_listing

    try:
        open_listing(path, rev=word).content.close()
    except InputError:
        return False
    return True
