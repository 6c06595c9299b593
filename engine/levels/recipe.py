"""Stands for a replacement that quotes its file, where an analysis leaves the machine: its length, and nothing of it.

Whoever has the file makes the same line again: what a chunk looks like depends on its text alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.model import Edit

if TYPE_CHECKING:
    from engine.chunk.source import SourceText
    from engine.chunk.spans import Span

MARK = "\0"
"""No replacement begins with it: they all begin with white space or a marker."""
_RECIPE = re.compile(r"\x00(\d{1,6})")


def recipe(replacement: str) -> str:
    """What travels in place of a replacement."""
    return f"{MARK}{len(replacement.encode('utf-8', 'replace'))}"


def is_recipe(replacement: str) -> bool:
    """Whether a replacement stands for another."""
    return _RECIPE.fullmatch(replacement) is not None


def restored(edits: list[Edit], source: SourceText, language: str, first_line: int, last_line: int) -> list[Edit]:
    """Edits of a chunk with every recipe turned into what it stands for.

    Args:
        edits: Edits of one level.
        source: The file.
        language: As the analysis names it.
        first_line: From 1.
        last_line: The chunk's last line, from 1.

    Raises:
        ValueError: the file gives no such replacement.
    """
    if not any(edit.replacement.startswith(MARK) for edit in edits):
        return edits
    from engine.chunk.spans import Span

    span = Span("", "", -1, first_line - 1, last_line)
    return [edit._replace(replacement=_made(edit.replacement, source, language, span)) for edit in edits]


def _made(replacement: str, source: SourceText, language: str, span: Span) -> str:
    found = _RECIPE.fullmatch(replacement)
    if found is None:
        if replacement.startswith(MARK):
            raise ValueError("damaged level edits: a recipe for nothing")
        return replacement
    from engine.levels.shape import NAME_LIMITS, shape

    for name in (language, "text"):
        for most in NAME_LIMITS:
            text = shape(source.data, source.line_starts, name, span, most)
            if len(text.encode("utf-8", "replace")) == int(found[1]):
                return text
    raise ValueError("damaged level edits: the file looks otherwise")
