"""Positions as editors write them, line and character, in whatever unit their strings are made of."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import UsageError
from engine.usecases.watch_blocks import Block
from engine.usecases.watching import Unit


def offset_in_line(blocks: Sequence[Block], line: int, character: int, unit: Unit) -> int:
    """Find a position in code points; see :meth:`engine.usecases.watch_text.EditedText.offset`.

    Raises:
        UsageError: there is no such place.
    """
    block, start = _line_start(blocks, line)
    if block < 0:
        if character:
            raise UsageError(f"line {line} is behind the last line", "only character 0 of it, the end of the text")
        return start
    if not character:
        return start
    content = _line_from(blocks, block, start, character)
    if content.isascii() or unit == "utf-32":
        if character <= len(content):
            return start + character
    else:
        reached = 0
        for at, one in enumerate(content):
            if reached == character:
                return start + at
            reached += _width(one, unit)
            if reached > character:
                raise UsageError(f"character {character} of line {line} is inside a character, counted in {unit}")
        if reached == character:
            return start + len(content)
    raise UsageError(
        f"line {line} ends before character {character}, counted in {unit}", "send the whole text to begin anew"
    )


def _width(character: str, unit: Unit) -> int:
    code = ord(character)
    if unit == "utf-16":
        return 1 + (code > 0xFFFF)
    return 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)


def _line_start(blocks: Sequence[Block], line: int) -> tuple[int, int]:
    """The block in which a line begins and its offset; block -1 for the line behind the last."""
    if line == 0:
        return 0, 0
    before = at = 0
    for index, block in enumerate(blocks):
        if before + block.newlines >= line:
            place = -1
            for _ in range(line - before):
                place = block.text.index("\n", place + 1)
            return index, at + place + 1
        before += block.newlines
        at += len(block.text)
    if line == before + 1:
        return -1, at
    raise UsageError(f"there is no line {line}: the text has {before + 1} lines, the first is 0")


def _line_from(blocks: Sequence[Block], first: int, start: int, most: int) -> str:
    """The line that begins at ``start``, in block ``first``, up to its line feed or ``most`` characters."""
    at = sum(len(block.text) for block in blocks[:first])
    parts: list[str] = []
    size = 0
    for block in blocks[first:]:
        low = max(0, start - at)
        at += len(block.text)
        end = block.text.find("\n", low)
        parts.append(block.text[low : end if end >= 0 else None])
        size += len(parts[-1])
        if end >= 0 or size >= most:
            break
    return "".join(parts)[:most]
