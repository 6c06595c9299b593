"""Estimates say that they are, are linear, and lie within their band of the vocabularies they were made from."""

from __future__ import annotations

import pytest

from engine.model import Method
from engine.tokens import count_stream, tokenizer
from engine.tokens.figures import figures
from tests.engine.tokens import texts


@pytest.mark.parametrize("name", sorted(figures()))
def test_estimates_are_labelled(name: str) -> None:
    counter = tokenizer(name)
    low, high = counter.error_band
    assert counter.method is Method.ESTIMATE
    assert -1 < low < 0 < high
    assert figures()[name].basis


@pytest.mark.parametrize("name", sorted(figures()))
def test_pieces_and_long_texts_estimate_like_one(name: str) -> None:
    counter = tokenizer(name)
    text = texts.code(1, 20_000)
    pieces = [text[at : at + 5_000] for at in range(0, len(text), 5_000)]
    assert count_stream(counter, iter(pieces)) == counter.count(text) == sum(counter.count_parts(pieces))
    assert counter.count_many([text, ""]) == [counter.count(text), 0]


def test_the_band_for_unknown_vocabularies_holds_the_known_ones() -> None:
    counter = tokenizer("estimate")
    text = texts.code(2, 3_000)
    low, high = counter.error_band
    for known in ("o200k_base", "llama3", "deepseek_v3", "tekken", "gemma3"):
        assert low <= tokenizer(known).count(text) / counter.count(text) - 1 <= high


def test_no_text_has_a_negative_estimate() -> None:
    for name in figures():
        counter = tokenizer(name)
        for kind, make in texts.LONG.items():
            assert counter.count(make(5_000)) > 0, kind
        assert counter.count("") == 0
        assert min(counter.count_many(list(texts.PIECES))) >= 0
