"""Counts against independent libraries: tiktoken for byte-pair vocabularies, sentencepiece for the others."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from functools import cache

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tokens import ranks, tokenizer
from engine.tokens.specs import built_in
from tests.engine.tokens import texts
from tests.engine.tokens.sentencepiece_model import model

BYTE_PAIR = sorted({spec.name for spec in built_in().values() if spec.pattern})
PUBLISHED = {
    # Published in tiktoken_ext.openai_public (the first two) and by the vendors.
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "o200k_harmony": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "llama3": "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
    "qwen3": "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
    "kimi_k2": "b6c497a7469b33ced9c38afb1ad6e47f03f5e5dc05f15930799210ec050c5103",
}
SAMPLES = [texts.mixed(seed, 60) for seed in range(40)] + [texts.code(seed, 40) for seed in range(10)]


@cache
def reference(name: str) -> tiktoken.Encoding:
    spec = built_in()[name]
    table = ranks.from_engine(spec.engine)
    return tiktoken.Encoding(name, pat_str=spec.pattern, mergeable_ranks=table, special_tokens={})


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_ranks_of_the_engine_are_the_published_ones(name: str) -> None:
    data = ranks.serialise(ranks.from_engine(built_in()[name].engine))
    assert hashlib.sha256(data).hexdigest() == PUBLISHED[name] == built_in()[name].sha256
    assert ranks.parse(data, name) == ranks.from_engine(built_in()[name].engine)


@pytest.mark.parametrize("name", BYTE_PAIR)
def test_same_count_as_tiktoken(name: str) -> None:
    nfc = built_in()[name].nfc
    expected = [
        len(reference(name).encode_ordinary(unicodedata.normalize("NFC", text) if nfc else text)) for text in SAMPLES
    ]
    assert tokenizer(name).count_many(SAMPLES) == expected
    assert [tokenizer(name).count(text) for text in SAMPLES] == expected


any_text = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(texts.PIECES), max_size=40).map("".join),
    st.text(alphabet=" \t\n\r/'aZ9é漢\u0301", max_size=120),
)


@settings(max_examples=150, deadline=None)
@given(any_text)
def test_any_text_counts_like_tiktoken(text: str) -> None:
    for name in ("o200k_base", "cl100k_base"):
        assert tokenizer(name).count(text) == len(reference(name).encode_ordinary(text))


@pytest.mark.parametrize("name", ["llama2", "mistral_v1", "mistral_v2"])
def test_same_count_as_sentencepiece(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the bindings' own types, at import
        sentencepiece = pytest.importorskip("sentencepiece")
    library = sentencepiece.SentencePieceProcessor(model_proto=model(name))
    plain = [text.replace("\x00", "") for text in SAMPLES]  # the library ends a piece of text at a null
    assert tokenizer(name).count_many(plain) == [len(library.encode(text)) for text in plain]


@pytest.mark.parametrize("name", sorted({spec.name for spec in built_in().values()}))
def test_literals_of_special_tokens_are_plain_text(name: str) -> None:
    counter = tokenizer(name)
    for literal in ("<|endoftext|>", "<|im_start|>", "<|think|>", "<|eot_id|>", "<bos>", "[gMASK]", "</s>"):
        assert counter.count(f"x {literal} y") >= counter.count("x y") + 2


def test_half_surrogates_count_as_replacement_characters() -> None:
    for name in ("o200k_base", "qwen3", "llama2", "gemma3", "estimate"):
        counter = tokenizer(name)
        assert counter.count("a\ud800b") == counter.count("a\ufffdb")
        assert counter.count_parts(["a\ud800", "b\n", "\udfffc"])
        assert sum(counter.count_parts(["a\ud800", "b"])) == counter.count("a\ufffdb")
