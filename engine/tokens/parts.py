"""Sharing out the count of a text over its parts, so that the shares add up to it exactly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from engine.tokens.running import Running, Windowed

_NEAR = 64
"""Characters gathered before the first look for a safe cut; doubled for each further look."""
_CONTEXT = 4_096
"""Characters looked back for a safe cut before the whole text is encoded at once instead."""


class Countable(Windowed, Protocol):
    """A vocabulary that can count a part of any length, with and without something before it."""

    def text_size(self, text: str, first: bool) -> int:
        """Count ``text``; ``first`` when nothing stands before it."""
        ...

    def part_sizes(self, parts: Sequence[str]) -> list[int]:
        """Count the parts of a text, the first with nothing before it, the others behind a line end."""
        ...


def share(counter: Countable, parts: Sequence[str]) -> list[int]:
    """Count each part as what it adds behind the parts before it.

    Behind a safe cut that is the part's own count, which is nearly always the case. Elsewhere the tokens around the
    border are counted once more with the text since the last safe cut before it and up to the first one behind it.
    """
    if "" in parts:
        shares = iter(share(counter, [part for part in parts if part]))
        return [next(shares) if part else 0 for part in parts]
    if not parts:
        return []
    size = counter.text_size
    counts = counter.part_sizes(parts)
    joins = counter.rule.joins
    unsafe = [at for at in range(1, len(parts)) if not joins(parts[at - 1], parts[at])]
    if not unsafe:
        return counts
    own = counts.copy()
    spent, allowed = 0, 2 * sum(map(len, parts)) + 4 * _CONTEXT
    for at in unsafe:
        context, first = _before(counter, parts, at)
        spent += len(context)
        if len(context) > _CONTEXT or spent > allowed:
            return _by_offsets(counter, parts)
        cut = counter.rule.first(parts[at])
        head = parts[at][:cut] if cut > 0 else parts[at]
        head_alone = size(head, False) if cut > 0 else own[at]
        counts[at] += size(context + head, first) - size(context, first) - head_alone
    return _without_negatives(counts)


def _before(counter: Countable, parts: Sequence[str], at: int) -> tuple[str, bool]:
    """Return the text since the last safe cut before part ``at``, and whether it begins the whole text."""
    text, wanted = "", _NEAR
    for index in range(at - 1, -1, -1):
        text = parts[index] + text
        if len(text) < wanted and index:
            continue
        wanted = 2 * len(text)
        cut = counter.rule.last(text, len(text))
        if cut >= 0:
            return text[cut:], False
        if len(text) > _CONTEXT:
            return text, False
    return text, True


def _without_negatives(counts: list[int]) -> list[int]:
    """Let a part that makes the text before it cheaper count nothing, and that text the rest; the sum stays."""
    for at in range(len(counts) - 1, 0, -1):
        if counts[at] < 0:
            counts[at - 1] += counts[at]
            counts[at] = 0
    return counts


def _by_offsets(counter: Countable, parts: Sequence[str]) -> list[int]:
    """Count the whole text and give each token to the part that its last byte is in."""
    ends = list(accumulate(len(part) for part in parts))
    counts = [0] * len(parts)
    running = Running(counter)
    at = position = 0
    pieces = [*running.add("".join(parts)), *running.finish()]
    for number, (piece, tokens) in enumerate(pieces):
        stop = bisect_left(ends, position + len(piece), at)
        given = 0
        if at < stop:
            ids = counter.piece_ids(piece, number == 0)
            token_ends = list(accumulate(map(counter.width, ids)))
            border = token_ends[-1] - len(piece.encode())  # the mark before the first word is no text
            start = 0
            for index in range(at, stop):
                border += len(piece[start : ends[index] - position].encode())
                start = ends[index] - position
                reached = min(bisect_right(token_ends, border, given), tokens)
                counts[index] += reached - given
                given = reached
        counts[stop] += tokens - given
        position += len(piece)
        at = stop + (ends[stop] == position and stop < len(ends) - 1)
    return counts
