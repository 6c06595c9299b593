"""What many calls say: truncation with its interval, waste under its three names, coverage. A report's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.telemetry.bins import binned
from engine.telemetry.intervals import wilson
from engine.telemetry.rollup import NANO, Tally, nothing
from engine.telemetry.sketch import quantile
from engine.telemetry.words import Outcome

LEAST_COVERAGE = 0.8
"""Share of measured ceilings below which a ceiling waste is marked: it then rests on budgets more than on ceilings."""


def group_report(all_calls: Tally, cut_off: Tally) -> dict[str, Any]:
    """Figures of some calls; shares and ratios that nothing supports are None.

    Args:
        all_calls: Every call of the group.
        cut_off: Those of them that were truncated.
    """
    judged, rated = all_calls.sum_of("judged"), all_calls.sum_of("rated")
    cut, predicted = cut_off.sum_of("judged"), all_calls.sum_of("predicted")
    coverage = all_calls.sum_of("measured") / rated if rated else None
    return {
        "n": round(all_calls.sum_of("n")),
        "judged": round(judged),
        "truncated": round(cut),
        "truncation": _rounded(cut / judged) if judged else None,
        "truncation_interval": [_rounded(bound) for bound in wilson(cut, judged)] if judged else None,
        "ceiling_waste": _quantiles(all_calls, "ceiling_waste"),
        "intent_waste": _quantiles(all_calls, "intent_waste"),
        "prediction_ratio": _rounded(quantile(all_calls.sketch("prediction_ratio"), 0.5)),
        "prediction_ratio_p90": _rounded(quantile(all_calls.sketch("prediction_ratio"), 0.9)),
        "smape": _rounded(all_calls.sum_of("smape_sum") / predicted) if predicted else None,
        "coverage": _rounded(coverage),
        "coverage_warning": coverage is not None and coverage < LEAST_COVERAGE,
        "reserved_tokens": round(all_calls.sum_of("reserved_tokens")),
        "used_tokens": round(all_calls.sum_of("used_tokens")),
        **totals(all_calls),
    }


def full_report(by_outcome: Mapping[Outcome, Tally]) -> dict[str, Any]:
    """Figures of all calls, with how many ended how, and how many had which ceiling waste (``bins.binned``)."""
    calls = sum(by_outcome.values(), nothing())
    return {
        **group_report(calls, by_outcome.get(Outcome.TRUNCATED, nothing())),
        "outcomes": {outcome.value: round(by_outcome.get(outcome, nothing()).sum_of("n")) for outcome in Outcome},
        "ceiling_waste_steps": binned(calls.sketch("ceiling_waste")),
    }


def totals(calls: Tally) -> dict[str, Any]:
    """Tokens and cost of some calls; the cost is None when no call has one."""
    priced = calls.sum_of("priced")
    return {
        "prompt_tokens": round(calls.sum_of("prompt_tokens")),
        "cached_tokens": round(calls.sum_of("cached_tokens")),
        "output_tokens": round(calls.sum_of("output_tokens")),
        "reasoning_tokens": round(calls.sum_of("reasoning_tokens")),
        "cost_usd": round(calls.sum_of("cost_nanousd") / NANO, 6) if priced else None,
        "priced": round(priced),
    }


def _quantiles(calls: Tally, name: str) -> dict[str, float | None]:
    counts = calls.sketch(name)
    return {"p50": _rounded(quantile(counts, 0.5)), "p90": _rounded(quantile(counts, 0.9))}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
