"""The counts are those of the vendor's endpoint, as recorded, and of the package that measured the vocabulary."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.model import Method
from engine.tokens.claude import ENCODINGS, ClaudeTokenizer

from .samples import CODE, EDGES, texts

_ROOT = Path(__file__).parents[3]
_SHARED = Path(os.environ.get("PACKSIGHT_SHARED_DATA", _ROOT / ".." / "shared" / "data"))
_RECORDED = _SHARED / "claude_recorded_counts.jsonl.gz"
_COLUMNS = {"claude-3": "count_v3", "claude-4.7": "count_v4_7", "claude-5": "count_v5"}
_VERSIONS = {"claude-3": "3.0", "claude-4.7": "4.7", "claude-5": "5.0"}


@pytest.fixture(scope="module")
def reference() -> Callable[[str, str], int]:
    counted: Callable[[str, str], int] = pytest.importorskip("ctok").token_count
    return lambda text, encoding: counted(text, _VERSIONS[encoding])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_recorded_document_is_counted_as_recorded(encoding: str) -> None:
    if not _RECORDED.exists():
        pytest.skip(f"no recorded counts at {_RECORDED}")
    with gzip.open(_RECORDED, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    counter = ClaudeTokenizer(encoding)
    ours = {d["name"]: counter.count(d["text"]) + counter.message_frame_tokens for d in documents}
    assert ours == {d["name"]: d[_COLUMNS[encoding]] for d in documents}
    assert counter.method is Method.RECONSTRUCTED
    assert str(len(documents)) in counter.agreement


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_edge_cases_equal_the_reference(encoding: str, reference: Callable[[str, str], int]) -> None:
    counter = ClaudeTokenizer(encoding)
    cases = [*EDGES, CODE, *(f"{a}{b}" for a in EDGES[:120:3] for b in EDGES[:120:3])]
    ours = {text: counter.count(text) + counter.message_frame_tokens for text in cases}
    assert ours == {text: reference(text, encoding) for text in cases}


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts)
@settings(max_examples=300, deadline=None)
def test_any_text_equals_the_reference(encoding: str, reference: Callable[[str, str], int], text: str) -> None:
    counter = ClaudeTokenizer(encoding)
    assert counter.count(text) + counter.message_frame_tokens == reference(text, encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_this_source_equals_the_reference(encoding: str, reference: Callable[[str, str], int]) -> None:
    counter = ClaudeTokenizer(encoding)
    for path in sorted((_ROOT / "engine" / "tokens" / "claude").glob("*.*")):
        text = path.read_text("utf-8")
        assert counter.count(text) + counter.message_frame_tokens == reference(text, encoding), path.name


_GOLDEN = {
    "": (1, 1, 0),
    " a": (1, 1, 2),
    "a\n\n\n": (1, 1, 1),
    "hello, world": (3, 4, 4),
    "it's the caller's": (5, 6, 6),
    "x 'REXX'": (7, 7, 7),
    "HTTPServer MAX_SIZE": (5, 14, 14),
    "if (a >= 10):\n    return a - b": (13, 14, 14),
    "1234567 + 2": (8, 8, 7),
    "ΣΊΣΥΦΟΣ İstanbul": (12, 21, 21),
    "中文。？ 1": (8, 8, 7),
    "한국어 텍스트": (9, 9, 8),
    "²१'s ² 文": (8, 8, 7),
    "👨\u200d👩\u200d👧 😀": (14, 14, 13),
    "नमस्ते दुनिया": (11, 11, 11),
    "a\r\nb\x00c": (4, 4, 4),
    "“quoted” — text…": (6, 8, 8),
    "a\ud800b": (3, 3, 3),
    "                                                                                                    x": (8, 8, 8),
    "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n": (2, 2, 1),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_counts_do_not_drift(encoding: str) -> None:
    counter = ClaudeTokenizer(encoding)
    column = ENCODINGS.index(encoding)
    assert {t: counter.count(t) for t in _GOLDEN} == {t: counts[column] for t, counts in _GOLDEN.items()}
    assert counter.count_many(list(_GOLDEN)) == [counts[column] for counts in _GOLDEN.values()]
