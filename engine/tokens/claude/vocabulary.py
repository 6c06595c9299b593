"""One vocabulary: its pieces, and the least number of them that tile a marked segment."""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

from engine.tokens.claude.memo import Memo

FIELD, SECTION = "\x1f", "\x1e"
"""Separators inside a data file; both are control characters that no piece contains."""
WORD_START, WORD_END, SHIFT, CAPS = "\x01", "\x02", "\x03", "\x04"
"""Markers, one character each. Control characters are removed from text, so none can be mistaken for a marker."""
_BLOCK = 1 << 16


class Vocabulary:
    """Pieces that cost one token each, and byte prefixes for characters that no piece covers.

    Args:
        pieces: marked strings of one token.
        prefixes: UTF-8 byte strings of one token; a single byte is always one token.
    """

    def __init__(self, pieces: frozenset[str], prefixes: frozenset[bytes]) -> None:
        self.pieces = pieces
        self._prefixes = prefixes
        self.longest = max(map(len, pieces), default=1)
        """Characters of the longest piece."""
        lengths: dict[str, set[int]] = {}
        for piece in pieces:
            if len(piece) > 1:
                lengths.setdefault(piece[:2], set()).add(len(piece))
        # Two characters decide which lengths can begin here: about eight instead of all up to the longest.
        self._lengths = {head: tuple(sorted(sizes)) for head, sizes in lengths.items()}
        self._single = Memo(self._character, limit=1 << 14, longest_key=1)

    def tile(self, segment: str) -> int:
        """Return the least number of tokens that spell ``segment``; linear in its length."""
        if segment in self.pieces:
            return 1
        size = len(segment)
        if size > 2 and segment.count(segment[0]) == size:
            return self._tile_run(segment[0], size)
        return self._tile_mixed(segment, size)

    def _tile_mixed(self, segment: str, size: int) -> int:
        """Shortest path over positions, in blocks so that memory does not grow with the segment."""
        pieces, lengths, single = self.pieces, self._lengths, self._single
        reach = self.longest
        ahead = [0]
        for start in range(0, size, _BLOCK):
            stop = min(size, start + _BLOCK)
            # A position that no path has reached yet costs more than any path does.
            best = ahead + [size * 4 + 1] * (min(size, stop + reach) - start + 1 - len(ahead))
            for at in range(start, stop):
                cost = best[at - start]
                beyond = cost + single[segment[at]]
                if beyond < best[at - start + 1]:
                    best[at - start + 1] = beyond
                cost += 1
                for length in lengths.get(segment[at : at + 2], ()):
                    end = at + length
                    if end > size:
                        break
                    if cost < best[end - start] and segment[at:end] in pieces:
                        best[end - start] = cost
            ahead = best[stop - start :]
        return ahead[0]

    def _tile_run(self, character: str, size: int) -> int:
        """Tile one character repeated ``size`` times.

        With a longest piece of m, some best tiling has fewer than m shorter pieces (any m of them hold a group that
        full pieces replace at no loss), so beyond m * m characters each m more cost exactly one more token.
        """
        lengths = [k for k in self._lengths.get(character * 2, ()) if character * k in self.pieces]
        largest = lengths[-1] if lengths else 1
        single = self._single[character]
        if largest == 1:
            return size * single
        whole = max(0, (size - largest * largest) // largest)
        best = [0]
        for end in range(1, size - whole * largest + 1):
            cost = best[end - 1] + single
            for length in lengths:
                if length > end:
                    break
                cost = min(cost, best[end - length] + 1)
            best.append(cost)
        return best[-1] + whole

    def _character(self, character: str) -> int:
        """Return the tokens of one character that stands alone: 1 as a piece, else by its UTF-8 bytes."""
        if character in self.pieces or character in (WORD_START, WORD_END, SHIFT, CAPS):
            return 1
        raw = character.encode()
        best = [0]
        for end in range(1, len(raw) + 1):
            starts = (start for start in range(end) if end - start == 1 or raw[start:end] in self._prefixes)
            best.append(1 + min(best[start] for start in starts))
        return best[-1]


@cache
def load(name: str) -> Vocabulary:
    """Read the vocabulary file ``name`` of this package, once per process."""
    raw = files("engine.tokens.claude").joinpath("data", name).read_bytes()
    pieces, prefixes = zlib.decompress(raw).decode("utf-8").split(SECTION)
    return Vocabulary(
        frozenset(pieces.split(FIELD)),
        frozenset(bytes.fromhex(prefix) for prefix in prefixes.split(FIELD)),
    )
