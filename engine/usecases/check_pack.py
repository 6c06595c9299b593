"""The packs that rules of the gate demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.budget import parse_budget
from engine.config import Config, Setting
from engine.errors import BudgetTooSmall, PacksightError, UsageError
from engine.gate import PackDemand, PackOutcome, Rule
from engine.gate.limits import roomier
from engine.request import PackRequest, ScanRequest
from engine.usecases.pack import Packed

_MOST_LOSSES = 5
_TRIED = (1.25, 1.5, 2.0, 3.0, 4.0)
"""Budgets that are tried for one that would do, in times of the one that does not."""
NO_PROFILE = "none"
"""Packs of the gate follow no saved profile unless a rule names one: everybody gets the same answer."""


def demanded(
    rule: Rule,
    scan: ScanRequest,
    config: Config,
    request_of: Callable[[ScanRequest, Config, str], PackRequest],
    pack: Callable[[PackRequest], Packed],
    window_of: Callable[[str], int],
) -> PackOutcome:
    """Make the pack that a rule demands.

    Args:
        rule: One with a ``pack``.
        scan: The files.
        config: Settings of the run.
        request_of: Makes a request of settings and a query.
        pack: Packs.
        window_of: Context window of a model, in tokens.

    Raises:
        PacksightError: model, profile or budget of the demand make no sense; names the rule.
    """
    demand = rule.pack
    assert demand is not None
    model = demand.model or scan.model
    said = {
        "model": Setting(model, "flag"),
        "budget": Setting(demand.budget, "flag"),
        "profile": Setting(demand.profile or NO_PROFILE, "flag"),
        "reserve": Setting(0, "flag"),
    }
    settings = replace(config, settings={**config.settings, **said})
    try:
        request = request_of(replace(scan, model=model), settings, demand.query)
    except PacksightError as error:
        at = f"{rule.file}, line {rule.line}: " if rule.file else ""
        kind = UsageError if isinstance(error, UsageError) else type(error)
        raise kind(f"{at}pack: {error.message}", error.hint) from error
    budget = parse_budget(request.budget, window_of(model))
    try:
        report = pack(request).report
    except BudgetTooSmall as error:
        enough = _enough(request, demand, budget, pack, window_of(model))
        return PackOutcome(model, budget, smallest_tokens=error.smallest_tokens, enough=enough)
    found = PackOutcome(
        model=report["model"],
        budget_tokens=budget,
        quality=report["quality"],
        whole=_is_whole(report),
        whole_tokens=report["alternatives"][0]["tokens"],
        losses=_losses(report),
    )
    if _does(report, demand):
        return found
    return replace(found, enough=_enough(request, demand, budget, pack, window_of(model)))


def _is_whole(report: Mapping[str, Any]) -> bool:
    return not any(row["chunks"] for level, row in report["levels"].items() if level != "0")


def _does(report: Mapping[str, Any], demand: PackDemand) -> bool:
    return report["quality"] >= demand.min_quality and (not demand.whole or _is_whole(report))


def _losses(report: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Paths whose text the pack leaves out most of."""
    lost: Counter[str] = Counter()
    for item in report["items"]:
        lost[item["path"]] += item["tokens_full"] - item["tokens"]
    for item in report["excluded"]:
        lost[item["path"]] += item["tokens"]
    ordered = sorted(lost.items(), key=lambda row: (-row[1], row[0]))
    return tuple((path, tokens) for path, tokens in ordered[:_MOST_LOSSES] if tokens > 0)


def _enough(
    request: PackRequest, demand: PackDemand, budget: int, pack: Callable[[PackRequest], Packed], window: int
) -> str:
    """The first of a few larger budgets that would do, as people write it, or ``""``."""
    for times in _TRIED:
        written = roomier(int(budget * times))
        if int(budget * times) > window:
            break
        try:
            if _does(pack(replace(request, budget=written)).report, demand):
                return written
        except PacksightError:
            continue
    return ""
