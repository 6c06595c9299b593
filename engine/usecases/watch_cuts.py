"""Where a text that is being edited may be cut, and what stands for the text around a cut.

Byte-pair and SentencePiece vocabularies bring their own rule (``engine.tokens.cuts``). The reconstructed ones fall into
pieces at line ends as well: a run of line feeds shares no piece with what is no line feed, and what begins a line is
priced without what ended the line before. Characters that normalisation removes would let two runs meet, so a cut
stands only before printable ASCII, blanks included. Inside long lines the places are those of
``engine.tokens.claude.parts``.

An *anchor* is a short text that stands for everything before or behind a piece: with it the tokenizer itself says what
a piece adds inside a text, whatever it does at the beginning and the end of a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.tokens import Tokenizer
from engine.tokens.claude import ClaudeTokenizer
from engine.tokens.cuts import CutRule, LineCuts, NoCuts
from engine.tokens.vocabulary import VocabularyTokenizer

_AFTER = "\t " + "".join(map(chr, range(0x21, 0x7F)))
_INNER = re.compile(r"[(,;=.](?=[A-Za-z])")
_LETTER = re.compile(r"[A-Za-z]")


class ReconstructedCuts:
    """Cuts of the Claude vocabularies; see :class:`engine.tokens.cuts.CutRule`."""

    def joins(self, left: str, right: str) -> bool:
        """Tell whether the border between two texts is a safe cut."""
        if left[-1] == "\n":
            return right[0] in _AFTER
        return left[-1] in "(,;=." and _LETTER.match(right) is not None

    def first(self, text: str) -> int:
        """Return the first safe cut at a line end, or -1."""
        at = text.find("\n")
        while 0 <= at < len(text) - 1:
            if text[at + 1] in _AFTER:
                return at + 1
            at = text.find("\n", at + 1)
        return -1

    def last(self, text: str, end: int) -> int:
        """Return the last safe cut at or before ``end``, or -1."""
        at = text.rfind("\n", 0, min(end, len(text) - 1))
        while at >= 0:
            if text[at + 1] in _AFTER:
                return at + 1
            at = text.rfind("\n", 0, at)
        cut = -1
        for found in _INNER.finditer(text, 0, end + 1):
            cut = found.end()
        return cut if cut <= end else -1


@dataclass(frozen=True, slots=True)
class Cuts:
    """How one tokenizer is asked about pieces."""

    rule: CutRule
    """Where text is cut."""
    lefts: tuple[str, ...]
    """Anchors before a piece; the first one whose border with it is safe is taken."""
    right: str
    """Anchor behind a piece that ends at a cut; its border with every anchor of ``lefts`` is safe."""
    adds_up: bool = True
    """Whether pieces are counted at all; otherwise cuts only keep edits cheap, and the whole text is counted."""

    def left(self, piece: str) -> str:
        """The anchor that may stand before a piece which begins at a cut."""
        return next(anchor for anchor in self.lefts if self.rule.joins(anchor, piece))


def cuts_of(counter: Tokenizer) -> Cuts:
    """Find the cuts of a tokenizer; one that nothing is known about is counted as a whole."""
    if isinstance(counter, ClaudeTokenizer):
        return Cuts(ReconstructedCuts(), ("x\n",), "x")
    if isinstance(counter, VocabularyTokenizer) and not isinstance(counter.rule, NoCuts):
        # Behind a letter stands what may follow only a letter: a word cut before a blank rest of a line, or a slash.
        return Cuts(counter.rule, ("x\n", "x"), "(")
    return Cuts(LineCuts(), ("x\n", "x"), "(", adds_up=False)
