"""Counting text of any length in windows, with the count that one call over all of it would give.

The windows end at safe cuts. Where a window has none (megabytes of one letter, blanks, emoji) the cut is a *seam*: a
token border well before the end of the window, from which a fresh encoding reproduces the tokens that the window had
there. A sequence of byte-pair tokens is the encoding of its text when each neighbouring pair is, so what agrees on a
stretch stays valid on both sides of it; the stretch is long enough to swallow effects of the regular expression too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Protocol

from engine.tokens.codecs import composed, composes_backwards
from engine.tokens.cuts import CutRule
from engine.tokens.specs import Spec

_AGREE = 32
"""Tokens behind a seam that a fresh encoding must reproduce; fewer where a window has only a few tokens."""
_TRIES = 24
"""Token borders tried before the window is cut at its end, which may cost a token; no input is known to need that."""


class Windowed(Protocol):
    """What a vocabulary offers to be counted in windows."""

    spec: Spec
    rule: CutRule

    def piece_size(self, text: str, first: bool) -> int:
        """Count a piece within a window; ``first`` when nothing stands before it."""
        ...

    def piece_ids(self, text: str, first: bool) -> list[int]:
        """Encode a piece within a window."""
        ...

    def width(self, token: int) -> int:
        """Return the bytes of text that a token stands for."""
        ...


class Running:
    """A count under way. Holds at most three windows of text."""

    def __init__(self, counter: Windowed, *, first: bool = True) -> None:
        self._counter = counter
        self._window = counter.spec.window
        self._first = first
        self._buffer = ""

    def add(self, text: str) -> Iterator[tuple[str, int]]:
        """Take the next text; yield the pieces that are settled, with the tokens each of them adds."""
        for start in range(0, len(text), self._window):
            self._buffer += text[start : start + self._window]
            while len(self._buffer) > 2 * self._window:
                yield self._advance()

    def finish(self) -> Iterator[tuple[str, int]]:
        """Yield what is left as the last piece."""
        if self._buffer:
            rest, self._buffer = self._buffer, ""
            yield rest, self._counter.piece_size(rest, self._first)
            self._first = False

    def _advance(self) -> tuple[str, int]:
        cut = self._counter.rule.last(self._buffer, self._window)
        if cut > 0:
            tokens = self._counter.piece_size(self._buffer[:cut], self._first)
        else:
            cut, tokens = self._seam()
        piece, self._buffer = self._buffer[:cut], self._buffer[cut:]
        self._first = False
        return piece, tokens

    def _seam(self) -> tuple[int, int]:
        """Return characters and tokens up to a seam in the first window."""
        if self._counter.spec.nfc:
            self._compose()
        text = self._buffer[: self._window]
        data = text.encode()
        ids = self._counter.piece_ids(text, self._first)
        ends = list(accumulate(map(self._counter.width, ids)))
        shift = ends[-1] - len(data)  # the mark before the first word is no text
        agree = min(_AGREE, len(ids) // 4)
        token = len(ids) - 2 * agree
        tries = 0
        while token > 0 and tries < _TRIES:
            try:
                cut = len(data[: ends[token - 1] - shift].decode())
            except UnicodeDecodeError:  # a token border inside a character
                token -= 1
                continue
            fresh = self._counter.piece_ids(self._buffer[cut : cut + self._window], False)
            if fresh[:agree] == ids[token : token + agree]:
                return cut, token
            tries += 1
            token -= 7 * tries
        return len(text), len(ids)

    def _compose(self) -> None:
        """Normalise the buffer up to a character that cannot join with what stands before it."""
        end = len(self._buffer)
        while end > self._window and composes_backwards(self._buffer[end - 1]):
            end -= 1
        end -= 1
        self._buffer = composed(self._buffer[:end]) + self._buffer[end:]
