from __future__ import annotations

import datetime
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from engine.telemetry import (
    CeilingSource,
    Event,
    Finish,
    Impossible,
    ImpossibleEvent,
    Outcome,
    impossible,
    require_possible,
)

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


def call(**other: object) -> Event:
    """A call that went well."""
    whole = Event(
        timestamp=NOON,
        source="packsight",
        dedupe_key="k",
        provider="openai",
        model="gpt-5.5",
        selected_budget=4096,
        actual_max_tokens=4096,
        ceiling_source=CeilingSource.SENT,
        actual_output_tokens=1200,
        reasoning_tokens=200,
        prompt_tokens=8000,
        cached_tokens=6000,
        cache_write_tokens=1000,
        truncated=False,
        finish=Finish.STOP,
    )
    return replace(whole, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"truncated": True, "finish": Finish.LENGTH, "actual_output_tokens": 4096},
        {"truncated": True, "finish": Finish.LENGTH, "actual_output_tokens": 0, "reasoning_tokens": 0},
        {"truncated": True, "finish": Finish.CONTEXT},
        {"success": False, "actual_output_tokens": None, "finish": Finish.ERROR, "truncated": None},
        {"complete": False, "actual_output_tokens": None},
        {"actual_max_tokens": None, "ceiling_source": CeilingSource.UNKNOWN, "actual_output_tokens": 90_000},
        {"ceiling_source": CeilingSource.BACKFILL, "actual_output_tokens": 90_000},
        {"prompt_tokens": None, "cached_tokens": 5},
        {"hard_cap_tokens": 4096},
        {"deliverable_count": 40, "deliverables": ("a.py",) * 20},
    ],
)
def test_what_can_happen_is_taken(other: dict[str, object]) -> None:
    assert impossible(call(**other)) is None
    assert require_possible(call(**other)) == call(**other)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"source": ""}, Impossible.NO_KEY),
        ({"dedupe_key": ""}, Impossible.NO_KEY),
        ({"timestamp": NOON.replace(tzinfo=None)}, Impossible.NAIVE_TIME),
        ({"timestamp": NOON.replace(year=1970)}, Impossible.TIME_OUT_OF_RANGE),
        ({"prompt_tokens": -1}, Impossible.NEGATIVE),
        ({"selected_budget": 2_000_000_000}, Impossible.TOO_LARGE),
        ({"actual_output_tokens": None, "reasoning_tokens": None}, Impossible.NO_OUTPUT),
        ({"reasoning_tokens": 1201}, Impossible.REASONING_ABOVE_OUTPUT),
        ({"cached_tokens": 7001}, Impossible.CACHE_ABOVE_PROMPT),
        ({"actual_output_tokens": 9200}, Impossible.OUTPUT_ABOVE_CEILING),
        ({"actual_output_tokens": 9200, "ceiling_source": CeilingSource.IMPORTED}, Impossible.OUTPUT_ABOVE_CEILING),
        ({"hard_cap_tokens": 4095}, Impossible.CEILING_ABOVE_HARD_CAP),
        ({"actual_max_tokens": None}, Impossible.CEILING_MISSING),
        ({"actual_max_tokens": 0}, Impossible.ZERO_CEILING),
        ({"ceiling_source": CeilingSource.BACKFILL, "actual_max_tokens": 5000}, Impossible.BACKFILL_DIFFERS),
        ({"truncated": True}, Impossible.TRUNCATED_YET_ENDED),
        ({"finish": Finish.LENGTH}, Impossible.CUT_YET_WHOLE),
        ({"attempt": 0}, Impossible.ATTEMPT),
        ({"deliverables": ("a.py",)}, Impossible.DELIVERABLES),
        ({"deliverables": ("a" * 201,), "deliverable_count": 1}, Impossible.DELIVERABLES),
        ({"confidence": 1.5}, Impossible.CONFIDENCE),
        ({"cost_usd": Decimal("-0.1")}, Impossible.COST),
        ({"cost_usd": Decimal("NaN")}, Impossible.COST),
        ({"cost_usd": Decimal("1e12")}, Impossible.COST),
        ({"duration_s": -1.0}, Impossible.DURATION),
        ({"duration_s": float("nan")}, Impossible.DURATION),
        ({"sot_entry_count_hint": 1 << 40}, Impossible.TOO_LARGE),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(other: dict[str, object], reason: Impossible) -> None:
    assert impossible(call(**other)) is reason
    with pytest.raises(ImpossibleEvent, match=reason.value) as error:
        require_possible(call(**other))
    assert error.value.reason is reason


def test_every_reason_is_reachable() -> None:
    parameters = test_what_cannot_be_true_is_refused_by_name.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {reason for _, reason in parameters} == set(Impossible)


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        ({}, Outcome.COMPLETE),
        ({"truncated": True, "finish": Finish.LENGTH}, Outcome.TRUNCATED),
        ({"success": False, "finish": Finish.ERROR}, Outcome.FAILED),
        ({"finish": Finish.REFUSAL}, Outcome.FAILED),
        ({"truncated": None, "finish": Finish.UNKNOWN}, Outcome.UNKNOWN),
    ],
)
def test_outcomes(other: dict[str, object], outcome: Outcome) -> None:
    assert call(**other).outcome is outcome


def test_whether_a_prediction_was_too_low_needs_both_numbers() -> None:
    assert call().underestimated is None
    assert call(predicted_output_tokens=1199).underestimated is True
    assert call(predicted_output_tokens=1200).underestimated is False


def test_an_event_has_no_place_for_texts() -> None:
    assert not {field.name for field in fields(Event)} & {"prompt", "text", "response", "messages", "content"}
