"""Python text with strings and comments blanked out, and the lines that belong to one statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import compress

_TOKEN = re.compile(
    rb"#[^\n]*|\\\n"
    rb'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    rb"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    rb'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    rb"|[\"']",
    re.DOTALL,
)
_QUOTED = re.compile(rb"\"[^\"\\\n{}]*\"|'[^'\\\n{}]*'")
# Its prefix is where a call may start, and is not told from a name here.
_PREFIXED = re.compile(rb"[A-Za-z0-9_]\"")
_NOTHING = re.compile(rb"[ \t]*(?:\n|\Z)")
_BRACES = re.compile(rb"[{}]")
_PREFIX = re.compile(rb"[A-Za-z0-9_\x80-\xff]*\Z")
_PREFIXES = frozenset({b"r", b"b", b"u", b"f", b"br", b"rb", b"fr", b"rf"})
_STRING, _COMMENT = b'"' * 4096, b"#" + b" " * 4096
_NO_BRACKETS = bytes(set(range(256)) - set(b"()[]{}\n"))
_ORDER = re.compile(rb"[)\]}]*[(\[{]*")
_ALLOWED = bytes(set(range(32, 127)) - set(b";`$?\\")) + b"\n"
# An error to the language and to the grammar.
_FUTURE_STAR = re.compile(rb"\b__future__ +import[ (]*\*")
_WORD = bytes(chr(byte).isalnum() or byte == 95 for byte in range(128))
_MAX_NESTING = 30
"""Brackets within brackets; beyond that a tree is cut off, see ``engine.chunk.grammars``."""


@dataclass(slots=True)
class PythonText:
    """A file whose lines have been joined where strings, brackets or backslashes join them."""

    code: bytes
    """The text, byte for byte in place: strings are ``"`` and comments ``#`` and blanks, without their newlines."""
    rows: list[int]
    """Row of each line of ``code``, and the number of rows as a last entry."""
    joined: dict[int, int]
    """First and last line, in ``code``, of what brackets join."""
    comments: list[tuple[int, int, int, int]]
    """As in ``engine.chunk.facts.Facts``."""
    ends: dict[int, int]
    """Where strings end, by their first byte, prefix included."""
    strings: list[tuple[int, int, int]]
    """First byte, first and last row of strings of several rows."""


def read_text(data: bytes, starts: list[int]) -> PythonText | None:
    """Blank out strings and comments and join lines; None where the text may be no Python."""
    pieces: list[bytes] = []
    comments: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    hidden: list[tuple[int, int, int]] = []
    position = 0
    find = data.find
    for token in _TOKEN.finditer(data):
        start, end = token.span()
        size = end - start
        first = data[start]
        if first == 35:
            comments.append((start, size))
            filler = _COMMENT[:size] if size <= 4096 else b"#" + b" " * (size - 1)
        elif first == 92:
            hidden.append((-1, start, end))
            if _NOTHING.match(data, end):
                return None
            filler = b"  "
        elif size == 1:
            return None
        else:
            filler = _STRING[:size] if size <= 4096 else b'"' * size
            at = start
            before = data[start - 1] if start else 10
            if before > 127 or _WORD[before]:
                found = _PREFIX.search(data, max(0, start - 3), start)
                prefix = found[0].lower() if found else b""
                if prefix not in _PREFIXES:
                    return None
                at -= len(prefix)
                if b"f" in prefix and find(b"{", start, end) >= 0:
                    formatted = _formatted(data[start:end])
                    if formatted is None:
                        return None
                    filler = formatted
            ends[at] = end
            if find(b"\n", start, end) >= 0:
                hidden.append((at, start, end))
        pieces += (data[position:start], filler)
        position = end
    pieces.append(data[position:])
    code = b"".join(pieces)
    if code.translate(None, _ALLOWED) or (b"__future__" in code and _FUTURE_STAR.search(code)):
        return None
    total = len(starts) - 1
    joined = _brackets(code)
    if joined is None:
        return None
    rows: list[int] = list(range(total))
    strings: list[tuple[int, int, int]] = []
    if hidden:
        kept = bytearray(b"\1") * total
        for at, start, end in hidden:
            above = bisect_right(starts, start)
            below = bisect_right(starts, end - 1)
            if at < 0:
                below += 1
            else:
                strings.append((at, above - 1, below - 1))
            kept[above:below] = bytes(below - above)
        rows = list(compress(rows, kept))
    rows.append(total)
    places = []
    for start, size in comments:
        row = bisect_right(starts, start) - 1
        column = start - starts[row]
        places.append((row, column, row, column + size))
    return PythonText(code, rows, joined, places, ends, strings)


def _formatted(text: bytes) -> bytes | None:
    """A format string with its expressions left standing, their strings blanked out."""
    pieces: list[bytes] = []
    depth = position = 0
    for brace in _BRACES.finditer(text):
        at = brace.start()
        if at < position:
            continue
        opens = text[at] == 123
        if not depth and text[at + 1 : at + 2] == text[at : at + 1]:
            pieces.append(b'"' * (at + 2 - position))
            position = at + 2
            continue
        if not depth and not opens:
            return None
        piece = text[position:at]
        shown = _expression(piece) if depth else b'"' * len(piece)
        if shown is None:
            return None
        pieces += (shown, b'"')
        depth += 1 if opens else -1
        position = at + 1
    if depth:
        return None
    pieces.append(b'"' * (len(text) - position))
    code = b"".join(pieces)
    return None if b"'" in code else code


def _expression(text: bytes) -> bytes | None:
    text = text.replace(b"!", b" ").replace(b":", b" ")
    if b"'" in text or b'"' in text:
        text = _QUOTED.sub(lambda found: b'"' * len(found[0]), text)
        if _PREFIXED.search(text):
            return None
    return text.replace(b"\n", b" ")


def _brackets(code: bytes) -> dict[int, int] | None:
    """First and last line of what brackets join, or None where they do not pair."""
    left = code.translate(None, _NO_BRACKETS)
    for _ in range(_MAX_NESTING):
        size = len(left)
        left = left.replace(b"()", b"").replace(b"[]", b"").replace(b"{}", b"")
        if len(left) == size:
            break
    else:
        return None
    joined: dict[int, int] = {}
    if not left.strip(b"\n"):
        return joined
    depth = first = 0
    for line, brackets in enumerate(left.split(b"\n")):
        if not brackets:
            continue
        if not _ORDER.fullmatch(brackets):
            return None
        if not depth:
            first = line
        opening = len(brackets.lstrip(b")]}"))
        depth -= len(brackets) - opening
        if depth < 0:
            return None
        depth += opening
        if not depth:
            joined[first] = line
    return None if depth else joined
