"""A text that is edited and counted again and again: only what an edit touches is counted anew.

The text is kept in blocks of a few KB that begin and end at safe cuts (``watch_cuts``), so that

    count(text) = count(first + right) + sum of inner counts + count(left + last) - count(left + right)

holds exactly, where an inner count is ``count(left + block + right) - count(left + right)``. An edit replaces the
blocks it touches, and those beside them where a border is no longer safe; every other block keeps its count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Cancelled
from engine.events import IsCancelled, never
from engine.tokens import Tokenizer
from engine.usecases import watch_blocks
from engine.usecases.watch_blocks import Block, merged, split
from engine.usecases.watch_cuts import cuts_of
from engine.usecases.watch_positions import offset_in_line
from engine.usecases.watching import Unit


class Snapshot:
    """A state of a text, which does not change when the text is edited on: another thread may count it."""

    def __init__(self, counter: Tokenizer, blocks: Sequence[Block]) -> None:
        """Args: ``blocks`` in order; what they remember of their counts is shared with the text."""
        self._counter = counter
        self._cuts = cuts_of(counter)
        self._blocks = tuple(blocks)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """The characters from ``start`` up to ``end``."""
        return "".join(block.text for block in self._within(start, end))

    def count(self, cancelled: IsCancelled = never) -> int:
        """Count the whole text: exactly what the tokenizer counts for it in one piece.

        Raises:
            Cancelled: on request; what was counted so far is remembered.
        """
        return self._sum(self._blocks, cancelled)

    def count_range(self, start: int, end: int, cancelled: IsCancelled = never) -> int:
        """Count the characters from ``start`` up to ``end`` as a text of its own.

        Raises:
            Cancelled: on request.
        """
        return self._sum(merged(self._cuts, self._within(start, end)), cancelled)

    def _within(self, start: int, end: int | None) -> Iterator[Block]:
        """The blocks of a range; those at its ends are cut to it."""
        at = 0
        for block in self._blocks:
            size = len(block.text)
            low, high = max(0, start - at), size if end is None else min(size, end - at)
            if low < high:
                yield block if (low, high) == (0, size) else Block(block.text[low:high])
            at += size

    def _sum(self, blocks: Sequence[Block], cancelled: IsCancelled) -> int:
        count, cuts = self._counter.count, self._cuts
        if len(blocks) < 2 or not cuts.adds_up:
            return count("".join(block.text for block in blocks))
        total = 0
        last = len(blocks) - 1
        for at, block in enumerate(blocks):
            if cancelled():
                raise Cancelled("interrupted")
            if at == 0:
                if block.head is None:
                    block.head = count(block.text + cuts.right)
                total += block.head
            elif at < last:
                if block.inner is None:
                    left = cuts.left(block.text)
                    block.inner = count(left + block.text + cuts.right) - count(left + cuts.right)
                total += block.inner
            else:
                if block.tail is None:
                    left = cuts.left(block.text)
                    block.tail = count(left + block.text) - count(left + cuts.right)
                total += block.tail
        return total


class EditedText:
    """A text under one tokenizer. One thread edits it; others count its snapshots."""

    def __init__(self, counter: Tokenizer, text: str = "") -> None:
        """Take a text; nothing is counted before somebody asks."""
        self._counter = counter
        self._cuts = cuts_of(counter)
        self._blocks = split(self._cuts, text)

    @property
    def characters(self) -> int:
        """Code points of the text."""
        return sum(len(block.text) for block in self._blocks)

    @property
    def lines(self) -> int:
        """Lines of the text: line feeds plus one."""
        return sum(block.newlines for block in self._blocks) + 1

    def snapshot(self) -> Snapshot:
        """The text as it is now."""
        return Snapshot(self._counter, self._blocks)

    def copy(self) -> EditedText:
        """The same text, to be edited on its own; counts that are known are shared."""
        other = EditedText(self._counter)
        other._blocks = self._blocks.copy()
        return other

    def replace(self, start: int, end: int, text: str) -> None:
        """Put ``text`` in the place of the characters from ``start`` up to ``end``.

        Raises:
            ValueError: the range is not within the text.
        """
        if not 0 <= start <= end <= self.characters:
            raise ValueError(f"no range of the text: {start}-{end}")
        if not self._blocks:
            self._blocks = split(self._cuts, text)
            return
        first, before = self._find(start)
        last, until = self._find(end)
        new = self._blocks[first].text[: start - before] + text + self._blocks[last].text[end - until :]
        stop = last + 1
        joins, small = self._cuts.rule.joins, watch_blocks.TARGET // 4
        # What an edit leaves of a block joins its neighbour: blocks do not wear away.
        while first > 0 and (len(new) < small or not joins(self._blocks[first - 1].text, new)):
            first -= 1
            new = self._blocks[first].text + new
        while stop < len(self._blocks) and (len(new) < small or not joins(new, self._blocks[stop].text)):
            new += self._blocks[stop].text
            stop += 1
        self._blocks[first:stop] = split(self._cuts, new)

    def offset(self, line: int, character: int, unit: Unit) -> int:
        """Find a position, both numbers from 0.

        Args:
            line: Line feeds before the position. The line behind the last one is the end of the text.
            character: Units of the line before the position.
            unit: What characters are counted in.

        Raises:
            UsageError: there is no such line or character, or it is inside a character.
        """
        return offset_in_line(self._blocks, line, character, unit)

    def _find(self, offset: int) -> tuple[int, int]:
        """The block that an offset is in (at a border the later one), and where that block begins."""
        at = 0
        for index, block in enumerate(self._blocks):
            if offset < at + len(block.text):
                return index, at
            at += len(block.text)
        return len(self._blocks) - 1, at - len(self._blocks[-1].text)
