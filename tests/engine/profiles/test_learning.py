from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import CLASSES, ChunkClass
from engine.profiles.learning import Evidence, Observation, evidence_of, moves, updated
from engine.profiles.learning_gain import measured_gain
from engine.profiles.learning_outcomes import Mark, ShownPack, ShownPlace, observation_of, pack_from_json, pack_json
from engine.profiles.learning_truth import counted_edits, is_telling, true_places

CODE, TESTS, DOCS = ChunkClass.CODE, ChunkClass.TESTS, ChunkClass.DOCS
EVEN = dict.fromkeys(CLASSES, 1.0)
AT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
PACK = ShownPack(
    "0123456789abcdef", AT, "shop", "/home/me/shop", "a" * 40, "gpt-4o", "lean", 4_000, 3_900, True,
    {CODE: 0.7, TESTS: 0.2, DOCS: 0.1},
    (
        ShownPlace("shop/a.py", "b" * 40, 1, 40, 3, CODE),
        ShownPlace("shop/a.py", "b" * 40, 10, 12, 0, CODE),
        ShownPlace("tests/caf\udce9.py", "c" * 40, 1, 9, 5, TESTS),
    ),
)  # fmt: skip
shares = st.dictionaries(st.sampled_from(CLASSES), st.floats(0, 50), max_size=6)


def mark(what: str, name: ChunkClass) -> Mark:
    return Mark(what, "shop/a.py", 1, 2, AT, name, 3)


@given(
    st.fixed_dictionaries({name: st.floats(0, 100) for name in CLASSES}),
    shares,
    shares,
    st.floats(0.2, 5),
    st.floats(0, 1),
)
def test_weights_stay_within_their_bounds(
    weights: dict[ChunkClass, float],
    observed: dict[ChunkClass, float],
    expected: dict[ChunkClass, float],
    steepness: float,
    step: float,
) -> None:
    after = updated(weights, Evidence(9, observed, expected), steepness, step)
    assert after == updated(weights, Evidence(9, observed, expected), steepness, step)
    for name in CLASSES:
        before = weights[name]
        assert before / 2 <= after[name] <= before * 2
        assert min(0.05, before) <= after[name] <= max(5.0, before)
        if name not in observed and name not in expected:
            assert after[name] == before


def test_weights_move_towards_what_was_wanted_and_more_with_more_evidence() -> None:
    one = Observation({TESTS: 1.0}, {CODE: 0.6, TESTS: 0.4})
    few, many = (updated(EVEN, evidence_of([one] * n), 1.0, 1.0) for n in (2, 20))
    assert 1 < few[TESTS] < many[TESTS]
    assert 1 > few[CODE] > many[CODE]
    assert few[DOCS] == 1
    half = updated(EVEN, evidence_of([one] * 20), 1.0, 0.5)
    assert 1 < half[TESTS] < many[TESTS]
    # Where values are steeper in weights, weights need move less.
    assert (
        1
        < updated(EVEN, evidence_of([one] * 5), 3.0, 1.0)[TESTS]
        < updated(EVEN, evidence_of([one] * 5), 1.0, 1.0)[TESTS]
    )
    first = next(move for move in moves(EVEN, many, evidence_of([one] * 20)) if move.name is TESTS)
    assert (first.after, first.n, first.of, first.observed) == (many[TESTS], 20, 20, 1.0)
    assert "100% of what was wanted, 40% expected; in 20 of 20" in first.why


def test_nothing_moves_where_weights_expect_what_comes() -> None:
    as_expected = Observation({CODE: 0.6, TESTS: 0.4}, {CODE: 0.6, TESTS: 0.4})
    assert updated(EVEN, evidence_of([as_expected] * 50), 1.0, 1.0) == EVEN


def test_a_gain_is_one_only_where_chance_does_not_give_it() -> None:
    assert measured_gain([0.2] * 8, [0.6] * 8).is_gain
    lucky = measured_gain([0.2] * 8, [1.0] + [0.2] * 7)
    assert lucky.difference > 0
    assert not lucky.is_gain
    assert (lucky.better, lucky.worse) == (1, 0)
    assert not measured_gain([0.5] * 8, [0.5] * 8).is_gain
    mixed = [0.1, 0.9, 0.3, 0.4]
    assert measured_gain(mixed, mixed[::-1]) == measured_gain(mixed, mixed[::-1])
    assert measured_gain([1.0] * 6, [0.0] * 6).high < 0


def test_edits_count_that_can_be_told_from_others() -> None:
    edits = counted_edits([("a.py", [2, 1, 9]), ("notes.md", [1]), ("b.go", ())])
    assert edits == {"a.py": (1, 2, 9)}
    text = ["x = compute()", "return", "  x = compute()", "y"]
    places = true_places({"a.py": (1, 2, 4, 9)}, lambda _: text, lambda line: sum(one.strip() == line for one in text))
    assert places == [("a.py", 2, "return")]
    assert counted_edits([(f"{n}.py", [1]) for n in range(9)]) == {}
    assert counted_edits([("a.py", range(1, 202))]) == {}
    assert is_telling("fix the total of orders")
    assert not is_telling(" fix it \n")


def test_marks_are_votes_for_classes() -> None:
    assert observation_of(PACK, []) is None
    wanted = observation_of(PACK, [mark("cited", TESTS), mark("useful", CODE)])
    assert wanted is not None
    assert wanted.observed == {TESTS: 0.5, CODE: 0.5}
    assert wanted.expected == PACK.expected
    idle = observation_of(PACK, [mark("useless", DOCS)])
    assert idle is not None
    assert (idle.observed, idle.expected) == ({}, {DOCS: 1.0})
    weights = updated(EVEN, evidence_of([idle] * 9), 1.0, 1.0)
    assert weights[DOCS] < 1
    assert weights[CODE] == 1
    expanded = observation_of(PACK, [mark("expanded", CODE), mark("useful", TESTS)])
    assert expanded is not None
    assert expanded.observed[CODE] < expanded.observed[TESTS]


def test_packs_come_back_from_json_as_they_were() -> None:
    written = json.loads(json.dumps(pack_json(PACK)))
    assert pack_from_json(written) == PACK
    assert PACK.place_at("shop/a.py", 11, 11) == PACK.places[1]
    assert PACK.place_at("shop/a.py", 30, 30) == PACK.places[0]
    assert PACK.place_at("shop/a.py", 41, 50) is None
    assert PACK.place_at("nowhere", 0, 0) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"pack_id": "../../etc"},
        {"at": "2026-03-01T12:00:00"},
        {"budget_tokens": -1},
        {"budget_tokens": 2**40},
        {"expected": {"poems": 1}},
        {"places": [["a", "b", [1, 2, 9, 0]]]},
        {"places": [["a", "b", [1, 2, 3]]]},
        {"places": [[7, "b", []]]},
        {"root": None},
    ],
)
def test_what_is_no_pack_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        pack_from_json({**pack_json(PACK), **wrong})
