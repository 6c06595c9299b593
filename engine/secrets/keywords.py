"""Where keywords of rules are: one pass of table look-ups over all bytes, whatever the number of keywords.

Every byte becomes one of 32 kinds (letters without case, digits, some marks, the rest), four of them a number of 20
bits, and a table says which of these begin a keyword: 5 ns a byte with numpy, where a search for each keyword takes 130
and a pattern of alternatives 300.
"""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_BITS, _WIDTH = 5, 4
_OTHER = 31
_PIECE = 1 << 20
"""Bytes looked at once: some megabytes of arrays."""
_MARKS = b'_-.:"'


def _kinds() -> npt.NDArray[np.uint32]:
    kinds = np.full(256, _OTHER, np.uint32)
    for number, (low, high) in enumerate(zip(string.ascii_lowercase, string.ascii_uppercase, strict=True)):
        kinds[[ord(low), ord(high)]] = number
    kinds[48:58] = 26
    for number, mark in enumerate(_MARKS[:4], 27):
        kinds[mark] = number
    return kinds


class Keywords:
    """Finds keywords, in lower case or not."""

    def __init__(self, words: Sequence[tuple[bytes, int]]) -> None:
        """Prepare.

        Args:
            words: Keywords of at least two bytes in lower case, each with the number of the rule that it belongs to.
        """
        self._kinds = _kinds()
        self._starts: npt.NDArray[np.bool_] = np.zeros(1 << (_BITS * _WIDTH), np.bool_)
        self._by_start: dict[bytes, dict[bytes, list[int]]] = {}
        for word, number in words:
            self._by_start.setdefault(word[:2], {}).setdefault(word, []).append(number)
            codes = np.zeros(1, np.uint32)
            for at in range(_WIDTH):
                kinds = self._kinds[word[at]] if at < len(word) else np.arange(1 << _BITS, dtype=np.uint32)
                codes = np.add.outer(codes << _BITS, kinds).ravel()
            self._starts[codes] = True
        # What follows the last byte is of the last kind.
        self._tail = np.full(_WIDTH - 1, _OTHER, np.uint32)

    def places(self, data: bytes) -> dict[int, list[int]]:
        """Offsets of keywords by the number of their rule, ascending."""
        found: dict[int, list[int]] = {}
        for start in range(0, len(data), _PIECE):
            # Pieces overlap, so that a keyword over a joint is seen.
            piece = data[start : start + _PIECE + _WIDTH - 1]
            kinds = np.concatenate([self._kinds[np.frombuffer(piece, np.uint8)], self._tail])
            code = kinds[:-3] << 15 | kinds[1:-2] << 10 | kinds[2:-1] << 5 | kinds[3:]
            here = np.flatnonzero(self._starts[code[: min(_PIECE, len(data) - start)]])
            if not len(here):
                continue
            lower = data[start : start + _PIECE + 64].lower()
            for at in here.tolist():
                for word, numbers in self._by_start.get(lower[at : at + 2], {}).items():
                    if lower.startswith(word, at):
                        for number in numbers:
                            found.setdefault(number, []).append(start + at)
        return found
