"""Holding a demand on a pack against what the pack came to."""

from __future__ import annotations

from engine.gate.limits import roomier
from engine.gate.measures import PackOutcome
from engine.gate.rules import Rule
from engine.gate.verdict import Outcome, Total, Violation
from engine.visible import visible_name


def judge_pack(rule: Rule, pack: PackOutcome) -> Outcome:
    """Judge one pack: both its quality and whether it is whole, where both are demanded."""
    demand = rule.pack
    assert demand is not None
    named = f"a pack of {pack.budget_tokens:,} tokens for {visible_name(pack.model)}"
    found = []
    if demand.whole and not pack.whole:
        # The whole may be no more than the budget by itself, and still not fit with what frames it.
        measured = max(pack.whole_tokens, pack.budget_tokens + 1)
        message = (
            f"{named} is not whole: everything takes {measured:,} tokens, {measured - pack.budget_tokens:,} too many"
        )
        found.append(_violation(rule, pack, pack.budget_tokens, measured, "tokens", message, _room(pack, measured)))
    if pack.quality < demand.min_quality:
        short = demand.min_quality - pack.quality
        message = (
            f"{named} has a quality of {pack.quality:.3f}, at least {demand.min_quality:g} is asked: {short:.3f} short"
        )
        if pack.smallest_tokens:
            message = f"{named} holds nothing: the smallest budget that works is {pack.smallest_tokens:,} tokens"
        remedy = (
            f"a budget of {pack.enough} reaches it"
            if pack.enough
            else "leave out what matters least (exclude in .packsight.toml), or ask for a lower min_quality"
        )
        found.append(_violation(rule, pack, demand.min_quality, pack.quality, "quality", message, remedy))
    return Outcome(rule, 1, tuple(found))


def _room(pack: PackOutcome, measured: int) -> str:
    enough = pack.enough or roomier(measured)
    return (
        f'leave out {measured - pack.budget_tokens:,} tokens (exclude in .packsight.toml), or allow budget = "{enough}"'
    )


def _violation(
    rule: Rule, pack: PackOutcome, limit: float, measured: float, unit: str, message: str, remedy: str
) -> Violation:
    losses = tuple(Total(path, tokens) for path, tokens in pack.losses)
    path = rule.file or (losses[0].path if losses else "")
    line = (rule.line if rule.file else 0) or 1
    return Violation(rule, "", limit, measured, unit, message, losses, remedy, path, line)
