"""Edits of a file as compact bytes for the cache.

``[version, chunks, strings, numbers]`` in msgpack: replacements are indices into ``strings``; ``numbers`` holds per
chunk and level the count of edits (-1: the same as the level above) and per edit its distance from the edit before,
its length and its replacement. Distances run on from chunk to chunk, so they stay small.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from engine.levels.ladder import Ladder, LevelEdits
from engine.levels.recipe import MARK
from engine.model import Edit

_VERSION = 1
_SAME = -1


def pack_edits(ladders: Sequence[Ladder]) -> bytes:
    """Edits of the chunks of a file, for the cache; outline and retention are kept elsewhere, as columns."""
    msgpack = import_module("msgpack")
    strings: dict[str, int] = {"": 0}
    numbers: list[int] = []
    base = 0
    for ladder in ladders:
        above: list[Edit] | None = None
        furthest = base
        for edits in ladder.edits:
            if above is not None and (edits is above or edits == above):
                numbers.append(_SAME)
                continue
            numbers.append(len(edits))
            position = base
            for start, end, replacement in edits:
                text = strings.setdefault(replacement, len(strings)) if replacement else 0
                numbers += (start - position, end - start, text)
                position = end
            furthest = max(furthest, position)
            above = edits
        base = furthest
    content = [_VERSION, len(ladders), list(strings), numbers]
    packed: bytes = msgpack.packb(content, unicode_errors="surrogatepass")
    return packed


def unpack_edits(packed: bytes) -> list[LevelEdits]:
    """What ``pack_edits`` packed: the edits of every chunk.

    Raises:
        ValueError: the bytes are damaged or of another version.
    """
    made = PackedEdits(packed)
    result = [made.of(chunk) for chunk in range(made.chunks)]
    made.end()
    return result


class PackedEdits:
    """What ``pack_edits`` packed, unpacked chunk by chunk: a pack shows a few chunks of a file with hundreds."""

    def __init__(self, packed: bytes) -> None:
        """Read the layout.

        Raises:
            ValueError: the bytes are damaged or of another version.
        """
        msgpack = import_module("msgpack")
        try:
            version, chunks, strings, numbers = msgpack.unpackb(packed, unicode_errors="surrogatepass")
            if version != _VERSION or {*map(type, numbers), type(chunks)} - {int} or {*map(type, strings)} - {str}:
                raise ValueError("unknown layout")
        except Exception as error:  # msgpack and the shape of hostile content have many ways to fail; callers know one
            raise ValueError(f"damaged level edits: {error}") from error
        self.chunks: int = chunks
        self._strings: list[str] = strings
        self._numbers: list[int] = numbers
        self._starts = [(0, 0)]
        """Per chunk, as far as anybody asked: where its numbers begin, and the offset that they count from."""

    @property
    def quotes_nothing(self) -> bool:
        """Whether replacements that quote the file were left out: see ``engine.levels.recipe``."""
        return any(text.startswith(MARK) for text in self._strings)

    def of(self, chunk: int) -> LevelEdits:
        """Edits of one chunk.

        Args:
            chunk: Its number in the file.

        Raises:
            ValueError: the bytes are damaged.
        """
        while len(self._starts) <= chunk:
            self._skip()
        at, base = self._starts[chunk]
        levels: list[list[Edit]] = []
        for level in range(3):
            steps, at = self._steps(at, level)
            if steps is None:
                levels.append(levels[-1])
                continue
            edits: list[Edit] = []
            position = base
            for gap, length, text in zip(steps[0::3], steps[1::3], steps[2::3], strict=True):
                start = position + gap
                position = start + length
                if not 0 <= start <= position or not 0 <= text < len(self._strings):
                    raise ValueError("damaged level edits: impossible edit")
                edits.append(Edit(start, position, self._strings[text]))
            levels.append(edits)
        return levels[0], levels[1], levels[2]

    def end(self) -> None:
        """Check that nothing follows the last chunk.

        Raises:
            ValueError: the bytes are damaged.
        """
        while len(self._starts) <= self.chunks:
            self._skip()
        if self._starts[-1][0] != len(self._numbers):
            raise ValueError("damaged level edits: numbers left over")

    def _skip(self) -> None:
        """Find where the chunk behind the last known one begins."""
        at, base = self._starts[-1]
        furthest = base
        for level in range(3):
            steps, at = self._steps(at, level)
            if steps:
                furthest = max(furthest, base + sum(steps[0::3]) + sum(steps[1::3]))
        self._starts.append((at, furthest))

    def _steps(self, at: int, level: int) -> tuple[list[int] | None, int]:
        """Numbers of the edits of a level, or None where they are those of the level above; and what follows."""
        numbers = self._numbers
        if at >= len(numbers):
            raise ValueError("damaged level edits: numbers missing")
        count = numbers[at]
        if count == _SAME and level:
            return None, at + 1
        behind = at + 1 + 3 * count
        if count < 0 or behind > len(numbers):
            raise ValueError("damaged level edits: impossible count")
        return numbers[at + 1 : behind], behind
