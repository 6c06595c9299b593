"""Bytes of a file to text and back: encodings are guessed by rules that never fail, and every guess round-trips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from engine.chunk.source import SourceText
from engine.errors import InputError

_SNIFF_BYTES = 8192
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Unreadable(InputError):
    """The file holds no text that could be cut; ``message`` says why, to be shown beside its path."""


def decode(raw: bytes) -> SourceText:
    """Turn stored bytes into text with its lines; ``encode`` gives the same bytes back.

    Raises:
        Unreadable: the bytes are binary.
    """
    data, encoding = text_of(raw)
    return _source(data, encoding, len(raw))


def text_of(raw: bytes) -> tuple[bytes, str]:
    """Turn stored bytes into text in UTF-8, and name the encoding that they are in.

    UTF-8 with or without a byte order mark, UTF-16 with one or clearly so, else Latin-1 (which accepts anything).

    Raises:
        Unreadable: the bytes are binary.
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            if encoding == "utf-8-sig":
                return _from_utf8(raw, len(bom), encoding)
            text = _utf16(raw[2:], encoding)
            if text is not None:
                return text, encoding
    nul = raw.find(b"\0", 0, _SNIFF_BYTES)
    if nul >= 0:
        for encoding, zeros in (("utf-16-le", raw[1:_SNIFF_BYTES:2]), ("utf-16-be", raw[0:_SNIFF_BYTES:2])):
            if zeros and zeros.count(0) * 10 >= len(zeros) * 7:
                text = _utf16(raw, encoding)
                if text is not None and not text.startswith(b"\xef\xbb\xbf"):
                    return text, encoding + "-bare"
        raise Unreadable(f"binary (NUL byte at {nul})")
    if raw.isascii():
        return raw, "utf-8"
    return _from_utf8(raw, 0, "utf-8")


def encode(source: SourceText, start: int = 0, end: int | None = None) -> bytes:
    """Give the stored bytes of ``source.data[start:end]``; a byte order mark belongs to offset 0."""
    data = source.data[start:end]
    if source.encoding == "utf-8":
        return data
    if source.encoding == "utf-8-sig":
        return (b"\xef\xbb\xbf" if start == 0 else b"") + data
    text = data.decode("utf-8", "surrogatepass")
    if source.encoding == "latin-1":
        return text.encode("latin-1")
    codec = source.encoding.removesuffix("-bare")
    mark = b"" if start or codec != source.encoding else b"\xff\xfe" if codec == "utf-16-le" else b"\xfe\xff"
    return mark + text.encode(codec, "surrogatepass")


def byte_range(source: SourceText, start_line: int, end_line: int) -> tuple[int, int]:
    """Offsets, in the stored bytes, of lines ``start_line`` to before ``end_line`` (from 0)."""
    start, end = source.line_starts[start_line], source.line_starts[end_line]
    if source.encoding == "utf-8":
        return start, end
    if source.encoding == "utf-8-sig":
        return (start + 3 if start else 0), end + 3
    before = len(encode(source, 0, start)) if start else 0
    return before, before + len(encode(source, start, end))


def _from_utf8(raw: bytes, skip: int, encoding: str) -> tuple[bytes, str]:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode("utf-8"), "latin-1"
    return raw[skip:], encoding


def _utf16(raw: bytes, codec: str) -> bytes | None:
    """The text as UTF-8, or None where it is no UTF-16 that would round-trip."""
    try:
        text = raw.decode(codec).encode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if b"\0" in text else text


def _source(data: bytes, encoding: str, size_bytes: int) -> SourceText:
    lines = data.split(b"\n")
    starts = line_starts_of(data, lines)
    return SourceText(data=data, encoding=encoding, line_starts=starts, size_bytes=size_bytes, lines=lines)


def line_starts_of(data: bytes, lines: Sequence[bytes] | None = None) -> list[int]:
    """Offsets of the lines of a text, and its end."""
    split = data.split(b"\n") if lines is None else lines
    starts = list(accumulate(map((1).__add__, map(len, split)), initial=0))
    starts.pop()
    if starts[-1] != len(data):
        starts.append(len(data))
    return starts
