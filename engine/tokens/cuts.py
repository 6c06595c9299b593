"""Where text may be cut so that the counts of the pieces add up to the count of the whole.

Byte-pair vocabularies split text by a regular expression first. A cut is safe where every expression in use ends a
match anyway: behind a newline when the next line neither is blank nor starts with ``/`` (some expressions take
``[\\r\\n/]*`` behind punctuation, all take ``\\s*[\\r\\n]+``), and between an ASCII letter or digit and another ASCII
character that no match takes in together with it. Neither side is looked at again from the other one: no expression
has a look-behind, and the only look-ahead, ``\\s+(?!\\S)``, is about blanks before the cut.

SentencePiece vocabularies merge over the whole text, but no piece of Llama 2, Mistral and Gemma holds a newline
together with anything else; Llama 2 and Mistral have single newlines only, Gemma has runs of up to 31.
A test reads the vocabularies and holds these facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

_QUICK = frozenset(chr(code) for code in range(0x21, 0x7F)) - {"/"}
_LINE = re.compile(r"[^\s/]|[ \t]+\S")
_CUT_LINE = re.compile(r"\n(?=[^\s/]|[ \t]+\S)")
# A digit or letter, then an ASCII character of another kind; the apostrophe may belong to the word ("it's").
_CUT_WORD = re.compile(r"[A-Za-z](?=[ -&(-@\[-`{-~])|[0-9](?=[ -&(-/:-~])")
_NEAR = 4_096
"""Characters searched for a word cut before the whole window is."""


class CutRule(Protocol):
    """Knows the safe cuts of one kind of vocabulary."""

    def joins(self, left: str, right: str) -> bool:
        """Tell whether the border between two non-empty, neighbouring texts is a safe cut."""
        ...

    def first(self, text: str) -> int:
        """Return the first safe cut inside ``text`` whatever stands before and behind it, or -1."""
        ...

    def last(self, text: str, end: int) -> int:
        """Return the last safe cut at or before ``end`` (characters), or -1."""
        ...


class LineCuts:
    """Cuts of vocabularies that split by a regular expression."""

    def joins(self, left: str, right: str) -> bool:
        """See :class:`CutRule`; two character checks in nearly all cases."""
        if left[-1] == "\n":
            return right[0] in _QUICK or _LINE.match(right) is not None
        return _CUT_WORD.match(left[-1] + right[0]) is not None

    def first(self, text: str) -> int:
        """See :class:`CutRule`."""
        found = _CUT_LINE.search(text)
        return found.end() if found else -1

    def last(self, text: str, end: int) -> int:
        """See :class:`CutRule`."""
        at = text.rfind("\n", 0, end)
        while at >= 0:
            if _LINE.match(text, at + 1):
                return at + 1
            at = text.rfind("\n", 0, at)
        for start in (max(0, end - _NEAR), 0):
            cut = -1
            for found in _CUT_WORD.finditer(text, start, end + 1):
                cut = found.end()
            if cut > 0:
                return cut
        return -1


class NewlineCuts:
    """Cuts of vocabularies whose newlines stand alone, single or in runs."""

    def __init__(self, *, runs: bool) -> None:
        self._runs = runs
        self._cut = re.compile(r"\n(?=[^\n])" if runs else r"\n(?=.)", re.DOTALL)

    def joins(self, left: str, right: str) -> bool:
        """See :class:`CutRule`."""
        return left[-1] == "\n" and not (self._runs and right[0] == "\n")

    def first(self, text: str) -> int:
        """See :class:`CutRule`."""
        found = self._cut.search(text)
        return found.end() if found else -1

    def last(self, text: str, end: int) -> int:
        """See :class:`CutRule`."""
        at = text.rfind("\n", 0, end)
        while at >= 0:
            if self._cut.match(text, at):
                return at + 1
            at = text.rfind("\n", 0, at)
        return -1


class NoCuts:
    """Nothing is known about the vocabulary, so no border is taken to be safe."""

    def joins(self, left: str, right: str) -> bool:
        """See :class:`CutRule`."""
        return False

    def first(self, text: str) -> int:
        """See :class:`CutRule`."""
        return -1

    def last(self, text: str, end: int) -> int:
        """See :class:`CutRule`."""
        return -1


_RULES: dict[str, Callable[[], CutRule]] = {
    "lines": LineCuts,
    "newlines": lambda: NewlineCuts(runs=False),
    "newline-runs": lambda: NewlineCuts(runs=True),
    "none": NoCuts,
}


RULE_NAMES = tuple(_RULES)
"""Names that ``cuts`` may have in a data file."""


def rule(name: str) -> CutRule:
    """Return the rule that a data file names."""
    return _RULES[name]()
