from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tokens import count_stream, tokenizer
from engine.tokens.claude.counter import ENCODINGS

LINES = ["def f(x):", "", "    return x", "é\u0301", "\u0301alone", "A" * 70_000, " lead", "CAPITALS HERE", "x\r"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=12, deadline=None)
@given(
    lines=st.lists(st.sampled_from(LINES), max_size=12),
    repeat=st.integers(1, 400),
    size=st.integers(900, 150_000),
)
def test_a_stream_counts_like_the_whole_text(encoding: str, lines: list[str], repeat: int, size: int) -> None:
    text = ("\n".join(lines) * repeat)[:300_000]
    counter = tokenizer(encoding)
    pieces = (text[start : start + size] for start in range(0, len(text), size))
    assert count_stream(counter, pieces) == counter.count(text)
