"""Earlier commits as a signal: messages are searched, and changes are followed to the lines of today."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rank import PastIndex, past_of, query_settings, term_ids
from engine.rank.query import parse_query
from tests.engine.rank.repository import code, make

FILES = {
    "src/a.py": [code("first", "one\n" * 10), code("second", "two\n" * 10), code("third", "three\n" * 10)],
    "src/b.py": [code("other", "four\n" * 10)],
}
Hunk = tuple[int, int, int]


def found(commits: list[tuple[str, list[tuple[str, list[Hunk]]]]], query: str) -> list[float]:
    columns, _ = make(FILES)
    index = PastIndex(columns, past_of(commits))
    return [float(hit) for hit in index.hits(term_ids(parse_query(query)), query_settings())]


def test_what_a_commit_of_those_words_changed_is_meant() -> None:
    hits = found(
        [
            ("speed up the lexer", [("src/a.py", [(3, 1, 1)])]),
            ("renderer: round the corners", [("src/a.py", [(15, 1, 1)]), ("src/gone.py", [(1, 1, 1)])]),
            ("tidy", [("src/b.py", [(2, 1, 1)])]),
        ],
        "corners of the renderer are not rounded",
    )
    assert hits[1] > 0
    assert hits[0] == hits[2] == hits[3] == 0


def test_a_change_is_found_where_its_lines_are_today() -> None:
    moved = ("unrelated words", [("src/a.py", [(1, 10, 0)])])  # the newest commit put ten lines above
    assert found([moved, ("corners", [("src/a.py", [(2, 1, 1)])])], "corners")[1] > 0
    assert found([("corners", [("src/a.py", [(2, 1, 1)])])], "corners")[0] > 0


def test_sweeping_commits_say_less_about_each_chunk() -> None:
    wide = [("src/a.py", [(1, 30, 0)])]
    hits = found([("corners", wide), ("corners", [("src/b.py", [(1, 1, 0)])])], "corners")
    assert hits[3] == max(hits) > hits[0] > 0


@pytest.mark.parametrize("query", ["", "nothing of this sort", "the of"])
def test_nothing_is_found_without_agreement(query: str) -> None:
    assert found([("corners", [("src/a.py", [(1, 1, 1)])])], query) == [0.0] * 4


def test_without_history_nothing_is_found() -> None:
    assert found([], "corners") == [0.0] * 4
    columns, _ = make({})
    assert len(PastIndex(columns, past_of([])).hits([(1, 1.0)], query_settings())) == 0


@given(st.integers(0, 10_000))
def test_lines_are_followed_through_any_edits(seed: int) -> None:
    chance = random.Random(seed)
    versions = [[f"line {number}" for number in range(chance.randint(1, 12))]]
    commits: list[tuple[str, list[tuple[str, list[Hunk]]]]] = []
    for step in range(chance.randint(1, 5)):
        old, at = versions[-1], 0
        new: list[str] = []
        hunks: list[Hunk] = []
        while at < len(old):
            if chance.random() < 0.3:
                removed = chance.randint(0, min(2, len(old) - at))
                added = chance.randint(0 if removed else 1, 2)
                hunks.append((len(new) + 1 if added else len(new), added, removed))
                new += [f"new {step} {len(new) + number}" for number in range(added)]
                at += removed
            if at < len(old):
                new.append(old[at])  # unchanged lines part hunks
                at += 1
        versions.append(new)
        commits.append((f"step{step}", [("f", hunks)]))
    today = versions[-1]
    past = past_of(reversed(commits))
    for commit, line in zip(past.commit.tolist(), past.line.tolist(), strict=True):
        step = len(commits) - 1 - commit
        made = {text for text in versions[step + 1] if text.startswith(f"new {step} ")}
        still = [number for number, text in enumerate(today, 1) if text in made]
        # A line that the commit added and that is still there is told at its place of today.
        for number in still:
            assert (commit, number) in set(zip(past.commit.tolist(), past.line.tolist(), strict=True))
        assert 0 <= line <= len(today) + 2 * len(commits) + 1
    assert np.all(past.line >= 0)


def lately(commits: list[tuple[str, list[tuple[str, list[Hunk]]]]]) -> list[float]:
    columns, _ = make(FILES)
    return [float(found) for found in PastIndex(columns, past_of(commits)).lately(query_settings())]


def test_what_was_changed_lately_counts_more_than_what_was_changed_long_ago() -> None:
    tidy = [(f"tidy {number}", [("src/gone.py", [(1, 1, 1)])]) for number in range(200)]
    now = lately([("one", [("src/a.py", [(3, 1, 1)])]), *tidy, ("two", [("src/b.py", [(2, 1, 1)])])])
    assert now[0] > now[3] > 0


def test_a_change_counts_for_its_chunk_and_a_little_for_the_others_of_its_file() -> None:
    now = lately([("one", [("src/a.py", [(3, 1, 1)])])])
    assert now[0] > now[1] == now[2] > now[3] == 0


def test_often_is_more_than_once() -> None:
    once = lately([("one", [("src/a.py", [(3, 1, 1)])])])
    assert lately([(name, [("src/a.py", [(3, 1, 1)])]) for name in ("one", "two", "three")])[0] > once[0]


def test_without_history_nothing_was_changed_lately() -> None:
    assert lately([]) == [0.0] * 4
