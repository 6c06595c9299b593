"""The cost of normalised text as a sum over words and gaps, whose costs are remembered.

No piece of the vocabularies reaches over a word boundary (``build_data`` checks it), so a word costs the same wherever
it stands, and so does the gap between two words. The one exception, an ending that an apostrophe ties to the word
before it, is added as a correction.
"""

from __future__ import annotations

import re
from functools import cache

from engine.tokens.claude import vocabulary
from engine.tokens.claude.characters import Alphabet, ascii_alphabet, is_uniform, rules, unicode_alphabet
from engine.tokens.claude.marking import Before, mark_gap, mark_word
from engine.tokens.claude.memo import Memo
from engine.tokens.claude.vocabulary import WORD_END, WORD_START

_SLICE = 1 << 17
"""Characters that are split at once: bounds the list of segments."""
_ENTRIES = 1 << 17
_LONGEST = 48
_ATOMS = re.compile(
    rf"{WORD_START}?[^{WORD_START}{WORD_END} \t\n\u30000-9]+{WORD_END}?"
    rf"|[0-9]+| +|\n+|\t+|\u3000+|[{WORD_START}{WORD_END}]"
)
"""What a marked gap falls into: runs that share no piece."""


class Segments:
    """Costs under one vocabulary and one way to read capitals."""

    def __init__(self, vocabulary_file: str, caps_from: int) -> None:
        self._vocabulary = vocabulary.load(vocabulary_file)
        self._caps_from = caps_from
        self._segments = Memo(self._segment, _ENTRIES, _LONGEST)
        self._edges = Memo(self._edge, _ENTRIES // 16, _LONGEST)
        self._atoms = Memo(self._vocabulary.tile, _ENTRIES // 2, _LONGEST)
        tile = self._vocabulary.tile
        self._tied = {
            ending: tile(f"'{ending}{WORD_END}") - tile("'") - tile(f"{WORD_START}{ending}{WORD_END}")
            for ending in rules().contractions
        }

    def cost(self, text: str, before: Before) -> int:
        """Return the tokens of normalised ``text``, with ``before`` on its left and nothing on its right.

        Memory beyond the text is bounded, whatever its size.
        """
        if not text:
            return 0
        alphabet = _alphabet_of(text)
        size, at, total = len(text), 0, 0
        head = alphabet.gap.match(text)
        if head:
            at = head.end()
            total = self._edges[f"{before.value}{'+' if at < size else '-'}{head[0]}"]
        while at < size:
            stop = size
            if size - at > _SLICE:
                boundary = alphabet.word_start.search(text, at + _SLICE)
                stop = boundary.end() if boundary else size
            segments = alphabet.split.findall(text, at, stop)
            if stop == size and alphabet.gap.match(segments[-1]):
                total += self._edges[f"{Before.WORD.value}-{segments.pop()}"]
            total += sum(map(self._segments.__getitem__, segments))
            at = stop
        if "'" in text:
            total += sum(self._tied[match[1]] for match in alphabet.contraction.finditer(text))
            total += self._behind_numbers(text, alphabet)
        return total

    def newlines(self, count: int) -> int:
        """Return the tokens of a run of ``count`` line feeds."""
        return self._atoms["\n" * count] if count else 0

    def _segment(self, segment: str) -> int:
        """Price a word, or a gap between two words."""
        alphabet = _alphabet_of(segment)
        if alphabet.gap.match(segment):
            return self._gap(segment, alphabet, Before.WORD, True)
        return self._vocabulary.tile(mark_word(segment, self._caps_from))

    def _edge(self, key: str) -> int:
        """Price a gap at an end of the text: what stands before it, ``+`` if a word follows, and the gap."""
        gap = key[2:]
        return self._gap(gap, _alphabet_of(gap), Before(key[0]), key[1] == "+")

    def _gap(self, gap: str, alphabet: Alphabet, before: Before, before_word: bool) -> int:
        marked = mark_gap(gap, alphabet, before, before_word)
        return sum(map(self._atoms.__getitem__, _ATOMS.findall(marked)))

    def _behind_numbers(self, text: str, alphabet: Alphabet) -> int:
        """A run of numbers of one kind closes with its own marker and ties nothing; a mixed run ties."""
        if not alphabet.numbers or not alphabet.number_contraction:
            return 0
        total = 0
        # Searching from the runs keeps this linear; a pattern for run and ending together would try every start.
        for run in alphabet.numbers.finditer(text):
            ending = alphabet.number_contraction.match(text, run.end())
            if ending and not is_uniform(run[0]):
                total += self._tied[ending[1]]
        return total


def _alphabet_of(text: str) -> Alphabet:
    return ascii_alphabet() if text.isascii() else unicode_alphabet()


@cache
def segments(vocabulary_file: str, caps_from: int) -> Segments:
    """Return the shared costs of a vocabulary: encodings that differ only in their frame remember together."""
    return Segments(vocabulary_file, caps_from)
