"""Counts that are kept while a text is edited are the counts of the whole text, whatever the vocabulary."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled, UsageError
from engine.tokens import tokenizer
from engine.usecases import watch_blocks
from engine.usecases.watch_blocks import TARGET
from engine.usecases.watch_text import EditedText
from engine.usecases.watching import UNITS, Unit
from tests.engine.tokens import texts

ENCODINGS = (
    "o200k_base", "cl100k_base", "claude-3", "claude-4.7", "claude-5", "gemma3", "qwen3", "llama3", "llama2",
    "deepseek_v3", "mistral_v3", "grok",
)  # fmt: skip
AWKWARD = (
    "", "\n", "\n\n\n", "\r\n", " ", "   \n", "\t", "/", "//\n", "/* a */", ")\n", "x", "'s", "'", "don't", "1", "123",
    "a" * 60, "é", "e\u0301", "\u0301", "漢字", "😀", "\u200b", "\x01", "\ue000", "\ud800", "\udc00", "\x00", "(", ".a",
    "    return x\n", "A", "ABC", "\u3000", "\xa0", "<|endoftext|>", "½", "٣",
)  # fmt: skip
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.lists(st.sampled_from(AWKWARD), max_size=4)), max_size=6
)


def first_of(names: tuple[str, ...]) -> list[str]:
    """Names that this build has."""
    from engine.tokens.registry import known

    return [name for name in names if known(name)]


@pytest.mark.parametrize("name", first_of(ENCODINGS))
@given(seed=st.integers(0, 10_000), changes=edits, start=st.floats(0, 1), size=st.integers(0, 2_000))
@settings(max_examples=25, deadline=None)
def test_edits_and_ranges_count_as_the_whole_text(
    name: str, seed: int, changes: list[tuple[float, int, list[str]]], start: float, size: int
) -> None:
    counter = tokenizer(name)
    with small_blocks():
        text = texts.mixed(seed, 40) + texts.code(seed, 6) + texts.mixed(seed + 1, 10)
        edited = EditedText(counter, text)
        assert edited.snapshot().count() == counter.count(text)
        for place, gone, words in changes:
            at = int(place * len(text))
            end, new = min(len(text), at + gone), "".join(words)
            edited.replace(at, end, new)
            text = text[:at] + new + text[end:]
            assert edited.snapshot().count() == counter.count(text)
        assert edited.snapshot().text() == text
        assert (edited.characters, edited.lines) == (len(text), text.count("\n") + 1)
        low = int(start * len(text))
        assert edited.snapshot().count_range(low, low + size) == counter.count(text[low : low + size])


class small_blocks:  # noqa: N801
    """Makes blocks so short that a text of a test has many."""

    def __enter__(self) -> None:
        watch_blocks.TARGET = 48

    def __exit__(self, *_: object) -> None:
        watch_blocks.TARGET = TARGET


@given(st.text(alphabet="ab \n\ré漢😀", max_size=80), st.integers(0, 80), st.sampled_from(UNITS))
def test_positions_are_places_of_the_text(text: str, at: int, unit: Unit) -> None:
    at = min(at, len(text))
    line, before = text[:at].count("\n"), text[:at].rpartition("\n")[2]
    character = len(before.encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(unit, unit)))
    character //= {"utf-8": 1, "utf-16": 2, "utf-32": 4}[unit]
    edited = EditedText(tokenizer("o200k_base"), text)
    assert edited.offset(line, character, unit) == at
    assert edited.offset(text.count("\n") + 1, 0, unit) == len(text)


@pytest.mark.parametrize(
    ("line", "character", "unit"),
    [(0, 2, "utf-16"), (0, 4, "utf-8"), (0, 4, "utf-16"), (1, 1, "utf-32"), (2, 1, "utf-8"), (3, 0, "utf-8")],
)
def test_what_is_no_place_is_refused(line: int, character: int, unit: Unit) -> None:
    edited = EditedText(tokenizer("o200k_base"), "a😀\n")
    with pytest.raises(UsageError):
        edited.offset(line, character, unit)


@pytest.mark.parametrize("name", ["o200k_base", "claude-5"])
def test_an_edit_counts_little_of_a_large_text(name: str) -> None:
    real = tokenizer(name)
    text = texts.code(3, 3_000)
    edited = EditedText(real, text)
    assert edited.snapshot().count() == real.count(text)
    counted: list[int] = []

    def count(part: str) -> int:
        counted.append(len(part))
        return real.count(part)

    middle = text.index("\n", len(text) // 2)
    edited.replace(middle, middle, "\nx = 1")
    changed = edited.snapshot()
    changed._counter = type("Counter", (), {"count": staticmethod(count)})()
    assert changed.count() == real.count(text[:middle] + "\nx = 1" + text[middle:])
    assert 0 < sum(counted) < len(text) / 8


def test_counting_stops_on_request_and_goes_on() -> None:
    counter = tokenizer("o200k_base")
    text = texts.code(5, 2_000)
    edited = EditedText(counter, text)
    with pytest.raises(Cancelled):
        edited.snapshot().count(lambda: True)
    assert edited.snapshot().count() == counter.count(text)
