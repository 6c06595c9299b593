"""Suggestions: deterministic, explained, and always a profile that works."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.budget import parse_budget
from engine.model import CLASSES, ChunkClass
from engine.profiles import Facts, suggest
from engine.profiles.suggest import budgets, quality_goal
from engine.profiles.tables import pack_table
from engine.tuning import check

WINDOW = 400_000
TOKENS = st.dictionaries(st.sampled_from(CLASSES), st.integers(0, 10**7))


@given(TOKENS, st.sampled_from([8192, 128_000, 1_000_000]))
def test_every_choice_has_a_reason_and_works_for_the_model(tokens: dict[ChunkClass, int], window: int) -> None:
    tried = tuple((budget, 1.0) for budget in budgets(window))
    found = suggest(Facts(tokens, window, tried))
    assert suggest(Facts(tokens, window, tried)) == found
    check(found.profile.tuning)
    assert found.profile.budget is not None
    assert parse_budget(found.profile.budget, window) <= window
    chosen = {f"{part}.{key}" for part, entries in pack_table(found.profile.tuning).items() for key in entries}
    assert {reason.choice.partition(" = ")[0] for reason in found.reasons} == chosen | {"budget"}
    assert all(reason.why and "{" not in reason.why for reason in found.reasons)


def test_an_ordinary_repository_is_left_as_it_is() -> None:
    found = suggest(Facts({ChunkClass.CODE: 80, ChunkClass.TESTS: 15, ChunkClass.DOCS: 5}, WINDOW))
    assert found.reasons == ()
    assert pack_table(found.profile.tuning) == {}
    assert suggest(Facts({}, WINDOW)).reasons == ()


def test_what_is_not_written_by_hand_gets_a_small_share() -> None:
    for name in (ChunkClass.GENERATED, ChunkClass.VENDORED, ChunkClass.LOCKFILE, ChunkClass.DATA):
        tuning = suggest(Facts({ChunkClass.CODE: 50, name: 50}, WINDOW)).profile.tuning
        assert tuning.shares[name][1] <= 0.05


def test_documents_count_more_only_where_there_is_little_else() -> None:
    papers = suggest(Facts({ChunkClass.DOCS: 95, ChunkClass.CODE: 5}, WINDOW)).profile.tuning
    assert papers.weights[ChunkClass.DOCS] > 1
    mixed = suggest(Facts({ChunkClass.DOCS: 60, ChunkClass.CODE: 40}, WINDOW)).profile.tuning
    assert ChunkClass.DOCS not in mixed.weights
    assert mixed.shares[ChunkClass.DOCS][1] < 1


def test_the_smallest_budget_that_is_good_enough_is_chosen() -> None:
    good = quality_goal()
    found = suggest(Facts({ChunkClass.CODE: 1}, WINDOW, ((8000, 0.1), (16000, good), (32000, 0.99))))
    assert found.profile.budget == "16k"
    assert suggest(Facts({ChunkClass.CODE: 1}, WINDOW, ((8000, 0.1), (16000, 0.2)))).profile.budget is None
    assert all(budget <= window / 2 for window in (4096, 20_000, 10**6) for budget in budgets(window))
