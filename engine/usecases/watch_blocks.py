"""Blocks of a text, and cutting a text into them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.usecases.watch_cuts import Cuts

TARGET = 4_096
"""Characters of a block: some tenths of a millisecond to count, and few enough blocks to add up at every key."""


class Block:
    """A stretch of text with what is known of its count. The text never changes."""

    __slots__ = ("head", "inner", "newlines", "tail", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.newlines = text.count("\n")
        self.head: int | None = None
        """Tokens at the beginning of a text, with the anchor behind it."""
        self.inner: int | None = None
        """Tokens inside a text."""
        self.tail: int | None = None
        """Tokens at the end of a text, the anchors taken off."""


def split(cuts: Cuts, text: str) -> list[Block]:
    """Cut a text into blocks at safe cuts; a stretch without any is one block, however long."""
    blocks: list[Block] = []
    at = 0
    while len(text) - at > 2 * TARGET:
        cut = _cut(cuts, text, at)
        if cut <= 0:
            break
        blocks.append(Block(text[at : at + cut]))
        at += cut
    if at < len(text):
        blocks.append(Block(text[at:]))
    return blocks


def _cut(cuts: Cuts, text: str, at: int) -> int:
    """Length of the next block, or -1: the window that is searched grows where it has no cut."""
    reach = 2 * TARGET
    while True:
        window = text[at : at + reach]
        cut = cuts.rule.last(window, reach // 2)
        if cut <= 0:
            cut = cuts.rule.last(window, len(window))
        if 0 < cut < len(window):
            return cut
        if at + reach >= len(text):
            return -1
        reach *= 4


def merged(cuts: Cuts, blocks: Iterable[Block]) -> list[Block]:
    """Join neighbours whose border is no safe cut, as where a range ends inside a block."""
    found: list[Block] = []
    for block in blocks:
        new = block
        while found and not cuts.rule.joins(found[-1].text, new.text):
            new = Block(found.pop().text + new.text)
        found.append(new)
    return found
