"""Values of other programs' logs: every type for every field, and nothing raises."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry import Event
from engine.telemetry.importers import values
from engine.telemetry.importers.make_event import make_event
from engine.telemetry.importers.usage import settle

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T12:00:00Z", "2026-11-20T12:00:00.000000000Z", "2026-11-20T13:00:00+01:00", "2026-11-20 12:00:00",
        "2026-11-20 12:00:00.000", "2026-11-20 12:00:00+00", "2026-11-20 12:00:00 UTC", "20261120T120000Z",
        1795176000, 1795176000.0, 1795176000000, 1795176000000000, 1795176000000000000, "1795176000",
        "1795176000000000000", "1795176000.0",
    ],
)  # fmt: skip
def test_one_moment_in_every_way_it_is_written(written: object) -> None:
    assert values.moment(written) == NOON
    assert values.moment(written).tzinfo is datetime.UTC  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "odd",
    ["", "soon", "x" * 999, None, True, [], {}, float("nan"), 1e300, 10**400, "9" * 40, "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_moment_is_none(odd: object) -> None:
    assert values.moment(odd) is None


@pytest.mark.parametrize(("written", "meant"), [(5, 5), (5.0, 5), ("5", 5), ("5.0", 5), ("-5", -5), (-5, -5)])
def test_counts(written: object, meant: int) -> None:
    assert values.count(written) == meant


@pytest.mark.parametrize("odd", [True, None, 5.5, "5.5", "five", "", "²", "9" * 31, float("nan"), float("inf"), [], {}])
def test_what_is_no_count_is_none(odd: object) -> None:
    assert values.count(odd) is None


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(_ANY)
def test_nothing_raises_and_texts_are_clean(odd: object) -> None:
    values.moment(odd)
    values.count(odd)
    values.number(odd)
    values.money(odd)
    assert isinstance(values.mapping(odd), dict)
    for text in (values.word(odd), values.key(odd)):
        assert text.isprintable() or text == ""
        assert len(text) <= values.LONGEST_WORD
        text.encode()


def test_money_that_nobody_knows() -> None:
    assert values.money("0.0426") == Decimal("0.0426")
    assert values.money(0) is values.money("free") is values.money(float("inf")) is None


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**5),
    st.integers(0, 10**5),
    st.booleans(),
    st.booleans(),
)
def test_the_total_tells_how_parts_are_meant(
    fresh: int, cached: int, visible: int, thought: int, cache_inside: bool, thought_inside: bool
) -> None:
    usage = settle(
        prompt=fresh + (cached if cache_inside else 0),
        output=visible + (thought if thought_inside else 0),
        cached=cached,
        reasoning=thought,
        total=fresh + cached + visible + thought,
        cache_inside=cache_inside,
        reasoning_inside=thought_inside,
    )
    assert (usage.prompt, usage.output) == (fresh + cached, visible + thought)


def test_parts_larger_than_the_whole_are_beside_it() -> None:
    usage = settle(prompt=5, output=7, cached=100, cache_write=10, reasoning=90)
    assert (usage.prompt, usage.output) == (115, 97)


def test_events_made_fast_are_events() -> None:
    fast = make_event(timestamp=NOON, source="s", dedupe_key="k", actual_output_tokens=5)
    slow = Event(timestamp=NOON, source="s", dedupe_key="k", actual_output_tokens=5)
    assert (fast, hash(fast), type(fast)) == (slow, hash(slow), Event)
    with pytest.raises(AttributeError):
        fast.model = "m"  # type: ignore[misc]
    with pytest.raises(TypeError):
        make_event(source="s")  # type: ignore[call-arg]
