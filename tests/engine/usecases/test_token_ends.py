from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tokens import tokenizer
from engine.usecases.token_ends import token_ends

EXACT = [
    "o200k_base",
    "cl100k_base",
    "llama3",
    "llama2",
    "kimi_k2",
    "mistral_v2",
    "tekken",
    "qwen3",
    "gemma3",
    "gemma4",
]
OTHERS = ["claude-3", "claude-5", "estimate"]
texts = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["def f(x):\n", "    return x\n", "é", "e\u0301", "👩‍👩‍👧", "漢字", "<|endoftext|>", " ", "\n\n", "\t", "ﬁ"]
        ),
        max_size=30,
    ).map("".join),
)


@pytest.mark.parametrize("encoding", EXACT + OTHERS)
@settings(max_examples=60, deadline=None)
@given(text=texts.filter(bool))
def test_there_is_one_end_for_each_token(encoding: str, text: str) -> None:
    counter = tokenizer(encoding)
    ends = token_ends(counter, text)
    assert len(ends) == counter.count(text)
    assert ends == sorted(ends)
    assert all(0 <= end <= len(text) for end in ends)
    if encoding in EXACT:
        assert ends[-1] == len(text)


def test_ends_are_where_the_vocabulary_says() -> None:
    counter = tokenizer("o200k_base")
    assert token_ends(counter, "def hello_world():\n    return 1\n") == [3, 9, 15, 19, 22, 29, 30, 31, 32]
    assert token_ends(counter, "") == []


def test_a_character_cut_by_tokens_ends_with_the_last_of_them() -> None:
    counter = tokenizer("o200k_base")
    text = "a\U00013080b"
    ends = token_ends(counter, text)
    assert len(ends) == counter.count(text) > 3
    assert ends[0] == 1
    assert set(ends) == {1, 2, 3}
    assert ends[-1] == 3


@pytest.mark.parametrize("encoding", ["o200k_base", "claude-5", "estimate"])
def test_long_texts_take_bounded_work(encoding: str) -> None:
    counter = tokenizer(encoding)
    for text in ("word and more words\n" * 15_000, "x" * 200_000):
        started_s = time.process_time()
        ends = token_ends(counter, text)
        assert time.process_time() - started_s < 5
        assert len(ends) == counter.count(text)
