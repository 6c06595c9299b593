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
    rf"{WORD_START}?[^{WORD_START}{WORD_END} \t\n\u30000-9]+{WORD_END}?|[0-9]+| +|\n+|\t+|\u3000+|[{WORD_START}{WORD_END}]"
)
"""What a marked gap falls into: runs that share no piece."""


class Segments:
    """Costs under one vocabulary and one way to read capitals."""

    def __init__(self, vocabulary_file: str, caps_from: int) -> None:
        self._vocabulary = vocabulary.load(vocabulary_file)
        self._caps_from = caps_from
        self._ascii = Memo(self._ascii_segment, _ENTRIES, _LONGEST)
        self._other = Memo(self._other_segment, _ENTRIES, _LONGEST)
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
        plain = text.isascii()
        alphabet = ascii_alphabet() if plain else unicode_alphabet()
        look_up = (self._ascii if plain else self._other).__getitem__
        size, at, total = len(text), 0, 0
        head = alphabet.gap.match(text)
        if head:
            at = head.end()
            total = self._gap(head[0], alphabet, before, at < size)
        while at < size:
            stop = size
            if size - at > _SLICE:
                boundary = alphabet.word_start.search(text, at + _SLICE)
                stop = boundary.end() if boundary else size
            segments = alphabet.split.findall(text, at, stop)
            if stop == size and alphabet.gap.match(segments[-1]):
                total += self._gap(segments.pop(), alphabet, Before.WORD, False)
            total += sum(map(look_up, segments))
            at = stop
        if "'" in text:
            total += sum(self._tied[match[1]] for match in alphabet.contraction.finditer(text))
            if alphabet.number_contraction:
                total += self._behind_numbers(text, alphabet.number_contraction)
        return total

    def newlines(self, count: int) -> int:
        """Return the tokens of a run of ``count`` line feeds."""
        return self._atoms["\n" * count] if count else 0

    def _ascii_segment(self, segment: str) -> int:
        if segment[0].isalpha():
            return self._vocabulary.tile(mark_word(segment, self._caps_from))
        return self._gap(segment, ascii_alphabet(), Before.WORD, True)

    def _other_segment(self, segment: str) -> int:
        alphabet = unicode_alphabet()
        if alphabet.gap.match(segment):
            return self._gap(segment, alphabet, Before.WORD, True)
        return self._vocabulary.tile(mark_word(segment, self._caps_from))

    def _gap(self, gap: str, alphabet: Alphabet, before: Before, before_word: bool) -> int:
        marked = mark_gap(gap, alphabet, before, before_word)
        return sum(map(self._atoms.__getitem__, _ATOMS.findall(marked)))

    def _behind_numbers(self, text: str, pattern: re.Pattern[str]) -> int:
        """A run of numbers of one kind closes with its own marker and ties nothing; a mixed run ties."""
        return sum(self._tied[match[2]] for match in pattern.finditer(text) if not is_uniform(match[1]))


@cache
def segments(vocabulary_file: str, caps_from: int) -> Segments:
    """Return the shared costs of a vocabulary: encodings that differ only in their frame remember together."""
    return Segments(vocabulary_file, caps_from)
