"""Encodings: every text round-trips, every binary is refused with its reason."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chunk import Unreadable, byte_range, decode, encode

TEXT = "é = 1\r\nnaïve\n\n日本語 🙂\nlast"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        ("plain ascii text\n".encode("utf-16-le"), "utf-16-le-bare"),
        ("plain ascii text\n".encode("utf-16-be"), "utf-16-be-bare"),
        ("caf\xe9\n".encode("latin-1"), "latin-1"),
        (b"", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"ok \xc3\x28 broken utf-8\n", "latin-1"),
    ],
)
def test_recognises_and_gives_the_bytes_back(raw: bytes, encoding: str) -> None:
    source = decode(raw)
    assert source.encoding == encoding
    assert encode(source) == raw
    assert source.size_bytes == len(raw)


@pytest.mark.parametrize("raw", [b"abc\0def", b"\x7fELF\0\0\0", b"\xff\xfe\0\0a\0\0\0", b"\0" * 100])
def test_binary_is_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(raw)
    assert "binary" in caught.value.message


def test_says_where_the_nul_is() -> None:
    with pytest.raises(Unreadable, match="NUL byte at 12"):
        decode(b"x" * 12 + b"\0" + b"y" * 30)


@given(st.binary(max_size=400))
def test_any_bytes_round_trip_or_are_refused(raw: bytes) -> None:
    try:
        source = decode(raw)
    except Unreadable:
        return
    assert encode(source) == raw
    source.data.decode("utf-8")


@given(
    st.text(alphabet="ab\n\ré日🙂 ", max_size=60).filter(lambda text: "\0" not in text),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "latin-1"]),
)
def test_byte_ranges_of_lines_join_to_the_file(text: str, codec: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    raw = mark + text.encode(codec, "ignore")
    source = decode(raw)
    rows = len(source.line_starts) - 1
    if not source.data:
        return
    parts = [byte_range(source, row, row + 1) for row in range(rows)]
    assert parts[0][0] == 0
    assert parts[-1][1] == len(raw)
    assert all(before[1] == after[0] for before, after in pairwise(parts))
    assert byte_range(source, 0, rows) == (0, len(raw))
