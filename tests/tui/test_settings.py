from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from engine.model import ChunkClass
from engine.request import PackRequest
from tests.tui.samples import sample_chart, sample_request
from tui import settings

WINDOW = 200_000


@pytest.fixture(scope="module")
def request_() -> PackRequest:
    return sample_request(sample_chart(files=3))


@given(st.integers(1, WINDOW), st.sampled_from([1, -1]), st.booleans())
def test_a_step_moves_the_budget_its_way_and_stays_in_the_window(budget: int, direction: int, coarse: bool) -> None:
    request = sample_request(sample_chart(files=1, chunks_per_file=1), budget)
    moved = settings.step_budget(request, budget, WINDOW, direction, coarse=coarse).budget
    assert isinstance(moved, int)
    assert 1 <= moved <= WINDOW
    assert (moved - budget) * direction > 0 or moved in (1, WINDOW)


def test_a_coarse_step_is_larger_than_a_fine_one(request_: PackRequest) -> None:
    fine = settings.step_budget(request_, 32_000, WINDOW, 1, coarse=False).budget
    coarse = settings.step_budget(request_, 32_000, WINDOW, 1, coarse=True).budget
    assert int(coarse) - 32_000 >= 5 * (int(fine) - 32_000) > 0


def test_a_step_and_back_ends_where_it_began_on_round_numbers(request_: PackRequest) -> None:
    up = settings.step_budget(request_, 32_000, WINDOW, 1, coarse=False)
    assert settings.step_budget(up, int(up.budget), WINDOW, -1, coarse=False).budget == 32_000


def test_the_budget_leaves_room_for_the_reserve(request_: PackRequest) -> None:
    kept = settings.with_reserve(request_, 50_000, WINDOW)
    assert settings.with_budget(kept, WINDOW, WINDOW).budget == 150_000


def test_wishes_are_put_and_taken_back(request_: PackRequest) -> None:
    changed = settings.with_weight(request_, ChunkClass.TESTS, 2.0)
    changed = settings.with_share(changed, ChunkClass.DOCS, (0.0, 0.2))
    changed = settings.with_max_level(changed, ChunkClass.CODE, 2)
    changed = settings.with_pin(changed, "/src/a.py", 0)
    changed = settings.with_exclude(changed, "/data/", True)
    tuning = changed.tuning
    assert (tuning.weights, tuning.shares) == ({ChunkClass.TESTS: 2.0}, {ChunkClass.DOCS: (0.0, 0.2)})
    assert (tuning.max_level, tuning.pins, tuning.excludes) == ({ChunkClass.CODE: 2}, (("/src/a.py", 0),), ("/data/",))
    back = settings.with_weight(changed, ChunkClass.TESTS, None)
    back = settings.with_share(back, ChunkClass.DOCS, (0.0, 1.0))
    back = settings.with_max_level(back, ChunkClass.CODE, settings.DEEPEST)
    back = settings.with_pin(back, "/src/a.py", None)
    back = settings.with_exclude(back, "/data/", False)
    assert back == request_


def test_a_later_pin_of_the_same_glob_replaces_the_earlier(request_: PackRequest) -> None:
    once = settings.with_pin(request_, "/a", 0)
    twice = settings.with_pin(settings.with_pin(once, "/b", 1), "/a", 3)
    assert twice.tuning.pins == (("/b", 1), ("/a", 3))


NAMES = st.text(st.characters(exclude_characters="/\x00\n\r", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3))
def test_a_glob_of_a_path_matches_that_path_and_no_other(parts: list[str]) -> None:
    path = "/".join(parts)
    spec = GitIgnoreSpec.from_lines([settings.glob_of(path)])
    assert spec.match_file(path)
    assert not spec.match_file(f"elsewhere/{path}")
    assert not spec.match_file(f"{path}x")


def test_a_glob_of_a_folder_matches_what_is_below() -> None:
    spec = GitIgnoreSpec.from_lines([settings.glob_of("docs/[a]", folder=True)])
    assert spec.match_file("docs/[a]/page.md")
    assert not spec.match_file("docs/a/page.md")
