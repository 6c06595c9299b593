from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry import Event
from engine.telemetry.rollup import SKETCHES, SUMS, columns_of
from engine.telemetry.sketch import unpack
from engine.telemetry.tallies import Tallies, combined, no_tallies, tallied, unpacked
from tests.engine.telemetry.test_check import call

batches = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4000), st.booleans()), min_size=1, max_size=30)


def events(batch: list[tuple[int, int, bool]]) -> list[Event]:
    return [
        replace(call(), actual_output_tokens=out, reasoning_tokens=0, predicted_output_tokens=900 if known else None)
        for _, out, known in batch
    ]


def tallies(batch: list[tuple[int, int, bool]]) -> Tallies:
    return tallied(columns_of(events(batch)), np.array([group for group, _, _ in batch], np.int64))


def same(one: Tallies, other: Tallies) -> bool:
    """Equal but for rounding of sums."""
    exact = all((getattr(one, name) == getattr(other, name)).all() for name in ("names", "codes", "counts"))
    return exact and bool(np.allclose(one.sums, other.sums))


@given(batches, batches)
def test_batches_add_up_and_are_taken_apart_again(
    one: list[tuple[int, int, bool]], other: list[tuple[int, int, bool]]
) -> None:
    both = combined([(tallies(one), 1), (tallies(other), 1)])
    assert same(both, tallies(one + other))
    back = combined([(both, 1), (tallies(other), -1)])
    assert {name: part for name, part in back.each().items() if part.sum_of("n")}.keys() == tallies(one).each().keys()
    assert (back.counts == tallies(one).counts).all()


@given(batches)
def test_what_is_stored_comes_back(batch: list[tuple[int, int, bool]]) -> None:
    whole = tallies(batch)
    assert same(unpacked(whole.names.tolist(), whole.sums.tolist(), whole.packed()), whole)
    for name, packed in zip(whole.names.tolist(), whole.packed(), strict=True):
        for sketch, blob in zip(SKETCHES, packed, strict=True):
            assert (unpack([blob]) == whole.each()[name].sketch(sketch)).all()


@given(batches)
def test_a_part_is_those_groups(batch: list[tuple[int, int, bool]]) -> None:
    whole = tallies(batch)
    half = len(whole.names) // 2
    assert same(combined([(whole.part(0, half), 1), (whole.part(half, len(whole.names)), 1)]), whole)


def test_no_groups_are_no_groups() -> None:
    assert no_tallies().each() == {}
    assert no_tallies().packed() == []
    assert same(combined([(no_tallies(), 1)]), no_tallies())
    assert unpacked([], [], []).sums.shape == (0, len(SUMS))
