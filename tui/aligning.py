"""Two versions of a text side by side: the same lines in the same row, empty rows where one has less."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

Rows = list[int | None]
"""Line in each row; None for an empty one."""

MOST_LINES = 20_000
"""Lines of both texts that are aligned; longer ones stand as they are."""


def aligned(left: Sequence[str], right: Sequence[str]) -> tuple[Rows, Rows]:
    """Give both texts the same number of rows, with lines that both have beside each other.

    Lines that occur once in both hold the texts together, as in patience diff; from each of them equal lines follow on
    both sides.
    """
    if len(left) + len(right) > MOST_LINES:
        return _padded(list(range(len(left))), list(range(len(right))))
    rows_left: Rows = []
    rows_right: Rows = []
    at_left = at_right = 0
    for pair_left, pair_right in [*_pairs(left, right), (len(left), len(right))]:
        above = _padded(list(range(at_left, pair_left)), list(range(at_right, pair_right)))
        rows_left += above[0]
        rows_right += above[1]
        if pair_left < len(left):
            rows_left.append(pair_left)
            rows_right.append(pair_right)
        at_left, at_right = pair_left + 1, pair_right + 1
    return rows_left, rows_right


def _padded(left: Rows, right: Rows) -> tuple[Rows, Rows]:
    rows = max(len(left), len(right))
    return left + [None] * (rows - len(left)), right + [None] * (rows - len(right))


def _pairs(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand beside each other, ascending on both sides."""
    once_left, once_right = Counter(left), Counter(right)
    at_right = {line: index for index, line in enumerate(right) if once_right[line] == 1}
    anchors = [(index, at_right[line]) for index, line in enumerate(left) if once_left[line] == 1 and line in at_right]
    pairs: list[tuple[int, int]] = []
    behind_left = behind_right = 0
    for anchor_left, anchor_right in [*_ascending(anchors), (len(left), len(right))]:
        pairs += _around(left, right, (behind_left, anchor_left), (behind_right, anchor_right))
        if anchor_left < len(left):
            pairs.append((anchor_left, anchor_right))
        behind_left, behind_right = anchor_left + 1, anchor_right + 1
    return pairs


def _around(
    left: Sequence[str], right: Sequence[str], span_left: tuple[int, int], span_right: tuple[int, int]
) -> list[tuple[int, int]]:
    """Equal lines at the begin and at the end of a stretch between anchors."""
    (start_left, end_left), (start_right, end_right) = span_left, span_right
    head: list[tuple[int, int]] = []
    while start_left < end_left and start_right < end_right and left[start_left] == right[start_right]:
        head.append((start_left, start_right))
        start_left, start_right = start_left + 1, start_right + 1
    tail: list[tuple[int, int]] = []
    while start_left < end_left and start_right < end_right and left[end_left - 1] == right[end_right - 1]:
        end_left, end_right = end_left - 1, end_right - 1
        tail.append((end_left, end_right))
    return head + tail[::-1]


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that ascends on the right side too; the left side ascends already."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for index, (_, right) in enumerate(pairs):
        place = bisect_left(tops, right)
        tops[place : place + 1] = [right]
        at[place : place + 1] = [index]
        before[index] = at[place - 1] if place else -1
    out: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        out.append(pairs[index])
        index = before[index]
    return out[::-1]
