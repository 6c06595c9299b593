"""Tallies of many groups at once, as arrays: what a batch of calls changes in the figures of its days and cells."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.rollup import SKETCHES, SUMS, Columns, Tally, parts_of
from engine.telemetry.sketch import BUCKETS, ENTRY, buckets_of

WIDE = len(SKETCHES) * BUCKETS
"""Buckets of a group."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums and histograms by group."""

    names: NDArray[np.int64]
    """Groups, ascending."""
    sums: NDArray[np.float64]
    """Shape (groups, len(SUMS))."""
    codes: NDArray[np.int64]
    """Buckets that hold anything: index of the group times ``WIDE`` plus the bucket among its histograms, ascending."""
    counts: NDArray[np.int64]
    """How much each of them holds."""

    def each(self) -> dict[int, Tally]:
        """The tally of every group by its name."""
        ends = np.searchsorted(self.codes, np.arange(1, len(self.names)) * WIDE)
        parts = zip(np.split(self.codes % WIDE, ends), np.split(self.counts, ends), strict=True)
        return {int(name): Tally(sums, *part) for name, sums, part in zip(self.names, self.sums, parts, strict=False)}

    def part(self, start: int, end: int) -> Tallies:
        """Some of the groups, by their places."""
        first, last = np.searchsorted(self.codes, (start * WIDE, end * WIDE))
        codes = self.codes[first:last] - start * WIDE
        return Tallies(self.names[start:end], self.sums[start:end], codes, self.counts[first:last])

    def packed(self) -> list[list[bytes]]:
        """Histograms as they are stored: a list for every group, in the order of ``SKETCHES``."""
        entries = np.empty(len(self.codes), ENTRY)
        entries["bucket"], entries["count"] = self.codes % BUCKETS, self.counts
        data, size = entries.tobytes(), ENTRY.itemsize
        marks = np.arange(len(self.names) * len(SKETCHES) + 1) * BUCKETS
        ends = (np.searchsorted(self.codes, marks) * size).tolist()
        blobs = [data[start:end] for start, end in itertools.pairwise(ends)]
        return [blobs[index : index + len(SKETCHES)] for index in range(0, len(blobs), len(SKETCHES))]


def tallied(read: Columns, groups: NDArray[np.int64]) -> Tallies:
    """Tally calls by group, such as a number for each day and cell.

    Args:
        read: What is read of the calls, at least one.
        groups: A number for each of them.
    """
    sums, ratios = parts_of(read)
    names, where = np.unique(groups, return_inverse=True)
    added = np.zeros((len(names), len(SUMS)))
    np.add.at(added, where, sums)
    seen = [
        where[~np.isnan(column)] * WIDE + index * BUCKETS + buckets_of(column[~np.isnan(column)])
        for index, column in enumerate(ratios)
    ]
    return Tallies(names, added, *np.unique(np.concatenate(seen), return_counts=True))


def unpacked(names: Sequence[int], sums: Sequence[Sequence[float]], packed: Sequence[Sequence[bytes]]) -> Tallies:
    """Make tallies of what was stored; groups in ascending order.

    Args:
        names: Groups.
        sums: Sums of each.
        packed: Histograms of each, in the order of ``SKETCHES``.
    """
    blobs = [blob for group in packed for blob in group]
    entries = np.frombuffer(b"".join(blobs), ENTRY)
    where = np.repeat(np.arange(len(blobs)), [len(blob) // ENTRY.itemsize for blob in blobs])
    codes = where * BUCKETS + entries["bucket"]
    added = np.array(sums, np.float64).reshape(len(names), len(SUMS))
    return Tallies(np.array(names, np.int64), added, codes, entries["count"].astype(np.int64))


def combined(parts: Sequence[tuple[Tallies, int]]) -> Tallies:
    """Add tallies up, each as often as the number beside it says; -1 takes away."""
    names = np.unique(np.concatenate([one.names for one, _ in parts]))
    sums = np.zeros((len(names), len(SUMS)))
    codes, counts = [], []
    for one, times in parts:
        at = np.searchsorted(names, one.names)
        sums[at] += times * one.sums
        codes.append(at[one.codes // WIDE] * WIDE + one.codes % WIDE if len(one.codes) else one.codes)
        counts.append(times * one.counts)
    found, where = np.unique(np.concatenate(codes), return_inverse=True)
    total = np.bincount(where, np.concatenate(counts), len(found)).astype(np.int64)
    return Tallies(names, sums, found[total != 0], total[total != 0])


def no_tallies() -> Tallies:
    """No groups."""
    empty = np.zeros(0, np.int64)
    return Tallies(empty, np.zeros((0, len(SUMS))), empty, empty)
