"""Terms of files as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rank.postings import IN_SYMBOL, MAX_CHUNK_BYTES, MOST, Extractor, FileText, Postings, join
from engine.rank.terms import term_id

TEXT = b"def connect(host):\n    return socket(host)\n"
FILE = FileText(TEXT + b"class Pool:\n    pass\n", [0, len(TEXT)], ["connect", "Pool"], [1000, 1000])


def marks(postings: Postings, chunk: int) -> dict[int, int]:
    ends = np.cumsum(postings.sizes)
    rows = slice(int(ends[chunk] - postings.sizes[chunk]), int(ends[chunk]))
    return dict(zip(postings.terms[rows].tolist(), postings.marks[rows].tolist(), strict=True))


def test_occurrences_and_fields_are_told_apart() -> None:
    found = marks(join(Extractor().extract([FILE]), [2]), 0)
    assert found[term_id("host")] & MOST == 2
    assert not found[term_id("host")] & IN_SYMBOL
    assert found[term_id("connect")] & IN_SYMBOL


def test_a_file_has_the_same_terms_alone_and_among_others() -> None:
    other = FileText(b"something else\n", [0], [""], [MAX_CHUNK_BYTES])
    extractor = Extractor()
    together = extractor.extract([other, FILE, other])
    assert together[1] == Extractor().extract([FILE])[0] == extractor.extract([FILE])[0]


def test_of_text_that_does_not_count_only_the_name_does() -> None:
    silent = FileText(FILE.data, FILE.starts, FILE.symbols, [0, len(b"class Pool")])
    postings = join(Extractor().extract([silent]), [2])
    assert set(marks(postings, 0)) == {term_id("connect")}
    assert term_id("pass") not in marks(postings, 1)
    assert postings.lengths.tolist() == [0, 2]


def test_what_is_unknown_or_of_another_shape_has_no_terms() -> None:
    [data] = Extractor().extract([FILE])
    postings = join([b"", data, data, data[:-3]], [3, 2, 5, 2])
    assert postings.sizes.tolist()[:3] == [0, 0, 0]
    assert postings.sizes[3] > 0
    assert postings.sizes.tolist()[5:] == [0] * 7
    assert postings.sizes.sum() == len(postings.terms) == len(postings.marks)


@pytest.mark.parametrize("unit", [b"x", b"word ", b"\xff\x00\x80", b"aB1_"])
def test_huge_chunks_are_bounded(unit: bytes) -> None:
    data = unit * (5_000_000 // len(unit))
    postings = join(Extractor().extract([FileText(data, [0], [""], [MAX_CHUNK_BYTES])]), [1])
    assert len(postings.terms) <= MAX_CHUNK_BYTES


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
def test_any_bytes_are_taken(chunks: list[bytes]) -> None:
    starts = np.cumsum([0, *map(len, chunks)])[:-1].tolist()
    file = FileText(b"".join(chunks), starts, [""] * len(chunks), [1000] * len(chunks))
    postings = join(Extractor().extract([file, file]), [len(chunks)] * 2)
    half = len(chunks)
    assert postings.sizes[:half].tolist() == postings.sizes[half:].tolist()
