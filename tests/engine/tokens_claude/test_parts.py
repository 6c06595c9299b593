from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tokens.claude import ENCODINGS, ClaudeTokenizer

from .samples import CODE, EDGES, texts


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(parts=st.lists(texts | st.sampled_from([*EDGES, *CODE.splitlines(keepends=True)]), max_size=8))
@settings(max_examples=200, deadline=None)
def test_parts_sum_to_the_whole(encoding: str, parts: list[str]) -> None:
    counter = ClaudeTokenizer(encoding)
    shares = counter.count_parts(parts)
    assert len(shares) == len(parts)
    assert sum(shares) == (counter.count("".join(parts)) if parts else 0)
    assert all(share >= 0 for share in shares)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_line_costs_what_it_adds_between_lines(encoding: str) -> None:
    counter = ClaudeTokenizer(encoding)
    lines = [line for line in CODE.splitlines(keepends=True) if line.strip()]
    anchor = counter.count(".\n.")
    alone = [counter.count(f".\n{line}.") - anchor for line in lines]
    assert counter.count_parts([".\n", *lines, "."])[1:-1] == alone


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_only_the_last_part_takes_the_end_of_the_message(encoding: str) -> None:
    counter = ClaudeTokenizer(encoding)
    alone = counter.count_parts(["x = 1\n", "y = 2\n"])
    followed = counter.count_parts(["x = 1\n", "y = 2\n", "z = 3\n"])
    assert alone[0] == followed[0]
    assert alone[1] < followed[1]


def test_parts_inside_a_word_and_inside_a_very_long_line() -> None:
    counter = ClaudeTokenizer("claude-3")
    assert counter.count_parts(["understand", "ing"])[0] == counter.count("understand")
    line = "call(a,b=1);" * 3000
    parts = [line[at : at + 101] for at in range(0, len(line), 101)]
    shares = counter.count_parts(parts)
    assert sum(shares) == counter.count(line)
    assert max(shares) < 2 * sum(shares) / len(shares)
