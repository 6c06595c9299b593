"""Edits of a file as compact bytes for the cache.

``[version, chunks, strings, numbers]`` in msgpack: replacements are indices into ``strings``; ``numbers`` holds per
chunk and level the count of edits (-1: the same as the level above) and per edit its distance from the edit before,
its length and its replacement. Distances run on from chunk to chunk, so they stay small.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from engine.levels.ladder import Ladder, LevelEdits
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
    msgpack = import_module("msgpack")
    try:
        content = msgpack.unpackb(packed, unicode_errors="surrogatepass")
        version, chunks, strings, numbers = content
        if version != _VERSION or {*map(type, numbers), type(chunks)} - {int} or {*map(type, strings)} - {str}:
            raise ValueError("unknown layout")
        return _rebuild(chunks, strings, numbers)
    except Exception as error:  # msgpack and the shape of hostile content have many ways to fail; callers know one
        raise ValueError(f"damaged level edits: {error}") from error


def _rebuild(chunks: int, strings: list[str], numbers: list[int]) -> list[LevelEdits]:
    rest = iter(numbers)
    take = rest.__next__
    result: list[LevelEdits] = []
    base = 0
    for _ in range(chunks):
        levels: list[list[Edit]] = []
        furthest = base
        for level in range(3):
            count = take()
            if count == _SAME and level:
                levels.append(levels[-1])
                continue
            if not 0 <= count <= len(numbers):
                raise ValueError("impossible count")
            edits: list[Edit] = []
            position = base
            for _ in range(count):
                start = position + take()
                position = start + take()
                text = take()
                if not 0 <= start <= position or text < 0:
                    raise ValueError("impossible edit")
                edits.append(Edit(start, position, strings[text]))
            furthest = max(furthest, position)
            levels.append(edits)
        base = furthest
        result.append((levels[0], levels[1], levels[2]))
    if next(rest, None) is not None:
        raise ValueError("numbers left over")
    return result
