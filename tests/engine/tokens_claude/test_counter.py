from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.tokens.claude import ENCODINGS, ClaudeTokenizer, segments
from engine.tokens.claude import counter as counter_module
from engine.tokens.protocol import Tokenizer

from .samples import CODE, EDGES, texts

_RANDOM = random.Random(7)
_MARKS = "\u0301\u0323"
_HUGE = {
    "letter": "a" * 300_000,
    "capital": "A" * 300_000,
    "spaces": " " * 1_000_000,
    "newlines": "\n" * 1_000_000,
    "dots": "." * 300_000,
    "base64": "".join(_RANDOM.choices("ABCDEFGHIJabcdefghij0123456789+/", k=300_000)),
    "emoji": "😀" * 250_000,
    "minified": "".join(
        _RANDOM.choices(["function(", "a", "b", ")", "{", "}", ";", "=", "0x3f", "!0", "this."], k=100_000)
    ),
    "marks": "a" + _MARKS * 150_000,
    "marks that fall apart": "\u0f73" * 100_000,
    "surrogates": "\ud800" * 300_000,
    "nul": "\x00" * 1_000_000,
    "numbers": "²१" * 150_000 + "'",
    "apostrophes": "²'" * 100_000,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_is_a_tokenizer(encoding: str) -> None:
    counter: Tokenizer = ClaudeTokenizer(encoding)
    assert counter.encoding == encoding
    assert counter.error_band == (0.0, 0.0)


def test_an_unknown_encoding_names_the_nearest() -> None:
    with pytest.raises(InputError) as error:
        ClaudeTokenizer("claude-4.8")
    assert "'claude-4.8'" in error.value.message
    assert "claude-4.7" in error.value.hint


@pytest.mark.parametrize("encoding", ["claude-3", "claude-5"])
@pytest.mark.parametrize("name", _HUGE)
def test_huge_uniform_text_is_counted_in_time(encoding: str, name: str) -> None:
    counter = ClaudeTokenizer(encoding)
    counter.count("é")
    started = time.process_time()
    assert counter.count(_HUGE[name]) > 0
    assert time.process_time() - started < 10


@pytest.mark.parametrize("encoding", ["claude-3", "claude-5"])
@given(text=st.lists(st.sampled_from([CODE, *EDGES]), min_size=3, max_size=8).map("\nAb".join))
@settings(max_examples=80, deadline=None)
def test_size_of_slices_and_blocks_does_not_matter(encoding: str, text: str) -> None:
    counter = ClaudeTokenizer(encoding)
    whole = counter.count(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "_SLICE", 5)
        assert counter.count(text) == whole
        patch.setattr(counter_module, "_BLOCK", 7)
        assert counter.count(text) == whole


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts)
@settings(max_examples=200, deadline=None)
def test_counts_do_not_depend_on_what_was_counted_before(encoding: str, text: str) -> None:
    counter = ClaudeTokenizer(encoding)
    first = counter.count(text)
    counter.count(text.upper() + " " + text)
    assert counter.count(text) == first >= 0


def test_canonically_equal_texts_count_alike() -> None:
    counter = ClaudeTokenizer("claude-3")
    # 64 marks and more take a way of their own through composition.
    ordered, mixed = "a" + "\u0323" * 40 + "\u0301" * 40, "a" + "\u0301\u0323" * 40
    assert counter.count(f"x {ordered} y") == counter.count(f"x {mixed} y")
