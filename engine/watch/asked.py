"""What the stream is about: a repository, a model, a budget; from settings, options and ``configure``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.budget import parse_budget
from engine.inspector import UNITS, Inspector
from engine.model import Model
from engine.request import PackRequest, ScanRequest, Tuning
from engine.watch.requests import Refused, nearest

if TYPE_CHECKING:
    from engine.inspector import Unit


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was given."""

    root: Path
    """An existing folder."""
    flags: dict[str, Any] = field(default_factory=dict)
    """Settings that options say, by name."""
    tuning: Tuning = field(default_factory=Tuning)
    query: str = ""
    """What the pack is for."""
    unit: Unit = "utf-16"
    """What the characters of a position are."""
    quiet_s: float = 0.02
    """Time without changes after which buffers are counted."""
    use_cache: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Settled settings."""

    request: PackRequest
    model: Model
    budget_tokens: int


def settle(inspector: Inspector, options: Options) -> Asked:
    """Settle what is asked for, files of settings and profiles included.

    Raises:
        PacksightError: as ``Inspector.request``.
    """
    config = inspector.config(options.root, options.flags)
    model = inspector.model(config["model"])
    scan = ScanRequest(
        path=options.root,
        model=config["model"],
        submodules=bool(config["submodules"]),
        include=tuple(config["include"]),
        exclude=tuple(config["exclude"]),
        class_rules=config.class_rules,
    )
    # Whose saved budget and profile count is found out without a scan, which a client would have to wait for.
    inspector.settings_of(options.root, config)
    request = inspector.request(scan, config, options.tuning, options.query)
    return Asked(request, model, parse_budget(request.budget, model.context_window))


def configured(options: Options, params: dict[str, Any]) -> Options:
    """The options with what ``configure`` says.

    Raises:
        Refused: there is no such unit.
    """
    unit = params.get("unit", options.unit)
    if unit not in UNITS:
        raise Refused("invalid_params", f"there is no unit '{unit[:80]}'", nearest(unit, UNITS))
    said = {name: value for name, value in params.items() if name in ("model", "budget")}
    query = params.get("query", options.query)
    return replace(options, flags={**options.flags, **said}, query=query, unit=unit)
