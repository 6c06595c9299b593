"""Long texts: no crash, no hang, and the count of one call although they are counted in windows."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from engine.tokens import count_stream, encodings, tokenizer
from engine.tokens.specs import built_in
from engine.tokens.vocabulary import VocabularyTokenizer
from tests.engine.tokens import texts

VOCABULARIES = sorted({spec.name for spec in built_in().values()})
ONE_PER_KIND = ["o200k_base", "cl100k_base", "deepseek_v3", "qwen3", "tekken", "kimi_k2", "llama2", "gemma3", "gemma4"]


def in_one_call(counter: VocabularyTokenizer, text: str) -> int:
    """Encode the text at once."""
    return len(counter.piece_ids(text, True))


def narrow(name: str, window: int) -> VocabularyTokenizer:
    """Return a counter with small windows, so that short texts have many of them."""
    import dataclasses

    counter = tokenizer(name)
    assert isinstance(counter, VocabularyTokenizer)
    return VocabularyTokenizer(dataclasses.replace(counter.spec, window=window))


@pytest.mark.parametrize("name", ONE_PER_KIND)
def test_windows_count_like_one_call(name: str) -> None:
    counter = narrow(name, 12_000)
    for kind, make in texts.LONG.items():
        text = make(40_000)
        assert counter.count(text) == in_one_call(counter, text), kind
        pieces = (text[at : at + 777] for at in range(0, len(text), 777))
        assert count_stream(counter, pieces) == in_one_call(counter, text), kind


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(texts.LONG))
@pytest.mark.parametrize("name", ["o200k_base", "llama2"])
def test_a_million_characters_count_like_one_call(name: str, kind: str) -> None:
    counter = tokenizer(name)
    assert isinstance(counter, VocabularyTokenizer)
    text = texts.LONG[kind](1_000_000)
    assert counter.count(text) == in_one_call(counter, text)


@pytest.mark.parametrize("name", [name for name in encodings() if not name.startswith("claude")])
def test_a_megabyte_of_anything_is_counted(name: str) -> None:
    counter = tokenizer(name)
    for kind in ("letter", "spaces", "newlines", "base64", "emoji"):
        start = time.process_time()
        assert counter.count(texts.LONG[kind](250_000)) > 0
        assert time.process_time() - start < 5, kind


@pytest.mark.slow
@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_whole_megabyte_of_anything_is_counted(name: str) -> None:
    for kind in ("letter", "spaces", "newlines", "base64", "emoji"):
        start = time.process_time()
        assert tokenizer(name).count(texts.LONG[kind](1_000_000)) > 0
        assert time.process_time() - start < 10, kind


def test_a_stream_is_not_gathered() -> None:
    counter = tokenizer("o200k_base")
    line = texts.code(1, 50)
    counter.count(line)
    repeats = 16_000_000 // len(line)
    tracemalloc.start()
    total = count_stream(counter, (line for _ in range(repeats)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > repeats * 100
    assert peak < 8_000_000


def test_a_stream_of_nothing() -> None:
    for name in ("o200k_base", "llama2", "estimate"):
        assert count_stream(tokenizer(name), []) == 0
        assert count_stream(tokenizer(name), ["", ""]) == 0
