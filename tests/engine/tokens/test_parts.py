"""Shares of parts add up, whatever the parts are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tokens import encodings, tokenizer
from tests.engine.tokens import texts

OURS = [name for name in encodings() if not name.startswith("claude")]
parts_of = st.lists(st.lists(st.sampled_from(texts.PIECES), max_size=8).map("".join), max_size=9)


@settings(max_examples=30, deadline=None)
@given(parts_of)
@pytest.mark.parametrize("name", OURS)
def test_shares_add_up_to_the_whole(name: str, parts: list[str]) -> None:
    counter = tokenizer(name)
    shares = counter.count_parts(parts)
    assert len(shares) == len(parts)
    assert sum(shares) == counter.count("".join(parts))
    assert all(share >= 0 for share in shares)


@pytest.mark.parametrize("name", OURS)
def test_a_share_is_what_the_part_adds(name: str) -> None:
    counter = tokenizer(name)
    different = total = 0
    for seed in range(40):
        parts = [texts.mixed(seed * 100 + index, 5) for index in range(6)]
        shares = counter.count_parts(parts)
        reached = [counter.count("".join(parts[: index + 1])) for index in range(6)]
        different += sum(sum(shares[: index + 1]) != reached[index] for index in range(6))
        total += 6
    # A part can make what stands before it cheaper; it then counts nothing and its neighbour the rest.
    assert different <= total / 50


@pytest.mark.parametrize("name", OURS)
def test_chunks_that_begin_with_a_word_count_on_their_own(name: str) -> None:
    counter = tokenizer(name)
    chunks = ["def f():\n    return 1\n\n\n", "class A:\n    pass\n", "    x = 1\n"]
    shares = counter.count_parts(chunks)
    lead = counter.count("\nx") - counter.count("\n") - counter.count("x")  # a mark before the first word, or none
    own = counter.count_many(chunks)
    assert all(abs(share - alone) <= 1 + abs(lead) for share, alone in zip(shares, own, strict=True))


@pytest.mark.parametrize("name", ["o200k_base", "llama2", "gemma3", "qwen3", "estimate-glm5"])
@pytest.mark.parametrize("kind", ["letter", "spaces", "newlines", "emoji", "cases", "blank lines", "mixed"])
def test_shares_of_a_text_without_safe_cuts(name: str, kind: str) -> None:
    counter = tokenizer(name)
    text = texts.LONG[kind](60_000)
    parts = [text[at : at + 11] for at in range(0, len(text), 11)]
    shares = counter.count_parts(parts)
    assert sum(shares) == counter.count(text)
    assert all(share >= 0 for share in shares)


def test_no_parts() -> None:
    for name in ("o200k_base", "llama2", "estimate"):
        assert tokenizer(name).count_parts([]) == []
        assert tokenizer(name).count_parts(["", ""]) == [0, 0]
        assert tokenizer(name).count_many([]) == []
