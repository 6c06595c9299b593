"""Colours of programs: which part of a visible line is a keyword, a string, a comment.

Lexing starts a little above what is visible, so the work is bounded however long the text is; a string that began far
above may go unseen, which colours it wrongly and nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from textual.cache import LRUCache

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Span = tuple[int, int, str]
"""First character, end, and the part of the style's name behind ``syntax--``."""
Section = tuple[int, str]
"""First line of a stretch of lines, and its language; ``""`` is not coloured."""

BLOCK_LINES = 64
"""Lines that are coloured at once; as many before them are read to know where they stand."""
LONGEST_LINE = 2_000
"""Characters of a line that is coloured."""
_MOST_CHARACTERS = 40_000
"""Characters that are read for a block."""

NAMES = ("keyword", "string", "comment", "number", "function", "type", "builtin", "heading", "deleted", "inserted")
"""Parts of component classes."""

_OF_TOKEN = {
    "Keyword": "keyword", "Keyword.Type": "type", "Keyword.Constant": "number", "Operator.Word": "keyword",
    "Literal.String": "string", "Literal.String.Doc": "comment", "Literal.Number": "number", "Comment": "comment",
    "Comment.Preproc": "builtin", "Name.Function": "function", "Name.Class": "function", "Name.Decorator": "builtin",
    "Name.Builtin": "builtin", "Name.Exception": "type", "Name.Tag": "keyword", "Name.Attribute": "type",
    "Name.Constant": "number", "Name.Namespace": "type", "Generic.Heading": "heading",
    "Generic.Subheading": "heading", "Generic.Strong": "heading", "Generic.Deleted": "deleted",
    "Generic.Inserted": "inserted",
}  # fmt: skip
_OTHER_NAMES = {
    "c_sharp": "csharp", "hcl": "terraform", "objective_c": "objective-c", "vbnet": "vb.net", "ignore": "",
    "requirements": "", "text": "", "plain": "",
}  # fmt: skip
"""Languages of the engine that the lexers call otherwise."""


class Highlighter:
    """Colours of some lines, found when they are looked at.

    Args:
        lines: Visible lines.
        sections: Stretches of lines with their languages, in order; lines before the first are not coloured.
    """

    def __init__(self, lines: Sequence[str], sections: Sequence[Section]) -> None:
        """Remember the lines; nothing is read yet."""
        self._lines = lines
        self._firsts = [first for first, _ in sections]
        self._languages = [language for _, language in sections]
        self._blocks: LRUCache[tuple[int, int], list[list[Span]]] = LRUCache(64)

    def spans(self, line: int) -> list[Span]:
        """Coloured parts of a line, in order, without overlap."""
        number = bisect_right(self._firsts, line) - 1
        if number < 0 or not self._languages[number] or len(self._lines[line]) > LONGEST_LINE:
            return []
        first = self._firsts[number]
        key = (number, (line - first) // BLOCK_LINES)
        block = self._blocks.get(key)
        if block is None:
            block = self._read(number, first + key[1] * BLOCK_LINES)
            self._blocks[key] = block
        within = (line - first) % BLOCK_LINES
        return block[within] if within < len(block) else []

    def _read(self, number: int, start: int) -> list[list[Span]]:
        lexer = lexer_of(self._languages[number])
        if lexer is None:
            return []
        behind = self._firsts[number + 1] if number + 1 < len(self._firsts) else len(self._lines)
        above = max(self._firsts[number], start - BLOCK_LINES)
        shown = [
            line if len(line) <= LONGEST_LINE else "" for line in self._lines[above : min(start + BLOCK_LINES, behind)]
        ]
        # Some rules end at a line break, so the last line needs one too.
        return _split(lexer, "\n".join([*shown, ""])[:_MOST_CHARACTERS], len(shown))[start - above :]


@lru_cache(maxsize=64)
def lexer_of(language: str) -> Lexer | None:
    """Find what reads a language; None when nothing does."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = _OTHER_NAMES.get(language, language)
    if not name:
        return None
    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _split(lexer: Lexer, text: str, count: int) -> list[list[Span]]:
    """Read a text and give each line its own parts."""
    out: list[list[Span]] = [[] for _ in range(count)]
    line = column = 0
    for _, token, value in lexer.get_tokens_unprocessed(text):
        name = _name(token)
        for piece, part in enumerate(value.split("\n")):
            if piece:
                line, column = line + 1, 0
            if name and part and line < count:
                out[line].append((column, column + len(part), name))
            column += len(part)
    return out


@lru_cache(maxsize=512)
def _name(token: tuple[str, ...]) -> str:
    """Part of the style's name for a kind of token: that of the nearest kind that has one."""
    for length in range(len(token), 0, -1):
        name = _OF_TOKEN.get(".".join(token[:length]))
        if name is not None:
            return name
    return ""
