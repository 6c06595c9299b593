"""What each comment is: an ordinary one, a licence header, an order to a tool, or documentation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.chunk.spans import Role

if TYPE_CHECKING:
    from engine.chunk.languages import Language

_TEXT = re.compile(rb"[0-9A-Za-z\x80-\xff]")
_TAG = re.compile(
    rb"[\s/*#!;%-]*(?:[@:\\]\w+|(?:Args|Returns|Raises|Parameters|Example|Examples|Note)\b[^\n]{0,3}:?\s*$)"
)
_OPEN_STRING = re.compile(rb"\s*[rRuUbBfF]*(?:\"\"\"|'''|\"|')")
_RULER = re.compile(rb"\s*(?:/[/*]+|#+|--+|;+|%+|\*+)?[\s\-=*#/~_+.<>|]{5,}$")
_MAX_LICENCE_BLOCKS = 4
_COMMENTS = bytes((Role.COMMENT, Role.DECORATION))
_PASSING = bytes((Role.BLANK, Role.COMMENT, Role.DECORATION, Role.DIRECTIVE))
# Plain integers: a member of an enumeration is looked up slowly, and lines are many.
_DOC_FIRST, _DOC_LEAD, _DOC = int(Role.DOC_FIRST), int(Role.DOC_LEAD), int(Role.DOC)


@cache
def rules() -> dict[str, re.Pattern[bytes]]:
    """The patterns of ``comments.toml``, compiled once per process."""
    raw = tomllib.loads((files("engine.chunk") / "comments.toml").read_text("utf-8"))
    return {name: re.compile("|".join(row["patterns"]).encode(), re.I | re.X) for name, row in raw.items()}


def mark_comments(
    lines: list[bytes], roles: bytearray, found: Iterable[tuple[int, int, int, int]], language: Language
) -> None:
    """Give a role to every line that holds nothing but comment.

    Documentation by form (``/**``, ``///``) is marked here; documentation by place is up to the definitions.

    Args:
        lines: lines of the text.
        roles: changed in place.
        found: first row and column, last row and column of every comment, in order.
        language: says which comments are documentation by their form.
    """
    directive, licence = rules()["directive"], rules()["licence"]
    prefixes = language.doc_prefix
    blocks: list[tuple[int, int, bool]] = []
    comment, decoration = int(Role.COMMENT), int(Role.DECORATION)
    for row, column, last, end_column in found:
        if last > row and end_column == 0:
            last -= 1
        line = lines[row]
        text = line[column:]
        if column and line[:column].strip():
            if last > row:
                roles[row + 1 : last + 1] = bytes((comment,)) * (last - row)
            continue
        one = last == row
        if end_column < len(lines[last]) and lines[last][end_column:].strip() and end_column:
            if last > row:
                roles[row:last] = bytes((comment,)) * (last - row)
            continue
        is_doc = bool(prefixes) and text.startswith(prefixes) and not text.startswith((b"////", b"/***", b"/**/"))
        if one:
            if directive.match(text):
                roles[row] = Role.DIRECTIVE
                continue
            roles[row] = decoration if _RULER.match(line) and not is_doc else comment
        else:
            roles[row : last + 1] = bytes((comment,)) * (last + 1 - row)
            if directive.match(text):
                roles[row : last + 1] = bytes((Role.DIRECTIVE,)) * (last + 1 - row)
                continue
        if blocks and blocks[-1][1] == row and blocks[-1][2] == is_doc and one and not text.startswith(b"/*"):
            blocks[-1] = (blocks[-1][0], row + 1, is_doc)
        else:
            blocks.append((row, last + 1, is_doc))
    top = _top_rows(roles)
    for index, (first, last, is_doc) in enumerate(blocks):
        if first < top and index < _MAX_LICENCE_BLOCKS and licence.search(b"\n".join(lines[first:last])):
            for row in range(first, last):
                if roles[row] != Role.DIRECTIVE:
                    roles[row] = Role.LICENCE
        elif is_doc:
            mark_doc(lines, roles, first, last)


def _top_rows(roles: bytearray) -> int:
    """Rows before the first one that is neither blank nor comment; a first line such as ``<?php`` does not count."""
    return len(roles) - len(roles[1:].lstrip(_PASSING))


def mark_doc(lines: list[bytes], roles: bytearray, first: int, last: int, column: int = -1) -> None:
    """Mark rows as documentation: first line with words, rest of its paragraph, the rest.

    Args:
        lines: lines of the text.
        roles: changed in place.
        first: first row.
        last: row behind the last.
        column: where a docstring opens on its first row; -1 for comments.
    """
    state = _DOC_FIRST
    for row in range(first, last):
        text = lines[row]
        if column >= 0 and row == first:
            opened = _OPEN_STRING.match(text, column)
            text = text[opened.end() :] if opened else text
        blank = not _TEXT.search(text)
        if state == _DOC_LEAD and (blank or _TAG.match(text)):
            roles[row:last] = bytes((_DOC,)) * (last - row)
            return
        roles[row] = _DOC if blank else state
        if not blank:
            state = _DOC_LEAD


def mark_adjacent_doc(lines: list[bytes], roles: bytearray, first: int) -> None:
    """Mark the ordinary comment lines directly above ``first`` as documentation of what starts there."""
    start = first
    while start > 0 and roles[start - 1] in _COMMENTS:
        start -= 1
    if start < first:
        mark_doc(lines, roles, start, first)
