"""Where the chunks of a repository went when it was scanned again: what keeps a person's place on a screen."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np

from engine.columns import Columns, Ints
from engine.live import GONE, Chart, Moved

_MOST_PAIRS = 4_000_000
"""Chunks of the old file times chunks of the new one that are compared; larger files are matched in order."""


def moved(old: Chart, new: Chart) -> Moved:
    """Match chunks of two scans of one repository.

    Files match by path, else by content where one that is new has that of one that is gone. Chunks of a file that did
    not change keep their order; in one that did, runs of equal chunks (class, depth and token counts) match, and what
    stands between two such runs matches in order, class by class.
    """
    before, after = old.columns, new.columns
    files = _files(before, after)
    chunks = np.full(before.chunks, GONE, np.int32)
    old_first = np.searchsorted(before.file, np.arange(len(before.files) + 1)).tolist()
    new_first = np.searchsorted(after.file, np.arange(len(after.files) + 1)).tolist()
    for file, other in enumerate(files.tolist()):
        if other == GONE:
            continue
        rows, others = range(old_first[file], old_first[file + 1]), range(new_first[other], new_first[other + 1])
        if before.files[file].blob_id == after.files[other].blob_id and len(rows) == len(others):
            chunks[rows.start : rows.stop] = np.arange(others.start, others.stop)
        else:
            for row, place in _changed(before, after, rows, others):
                chunks[row] = place
    return Moved(chunks, files)


def _files(before: Columns, after: Columns) -> Ints:
    places = {row.path: index for index, row in enumerate(after.files)}
    paths = {row.path for row in before.files}
    fresh = {row.blob_id: index for index, row in enumerate(after.files) if row.path not in paths}
    found = []
    for row in before.files:
        place = places.get(row.path, GONE)
        found.append(fresh.pop(row.blob_id, GONE) if place == GONE else place)
    return np.array(found, np.int32)


def _changed(before: Columns, after: Columns, rows: range, others: range) -> list[tuple[int, int]]:
    """Pairs of rows of one file that changed."""
    mine, its = _keys(before, rows), _keys(after, others)
    pairs: list[tuple[int, int]] = []
    blocks = [(0, len(mine), 0, len(its), False)]
    if len(mine) * len(its) <= _MOST_PAIRS:
        found = SequenceMatcher(None, mine, its, autojunk=False).get_opcodes()
        blocks = [(low, high, start, stop, tag == "equal") for tag, low, high, start, stop in found]
    for low, high, start, stop, equal in blocks:
        if equal:
            pairs += zip(rows[low:high], others[start:stop], strict=True)
            continue
        at = start
        for index in range(low, high):
            # The first of its class that is left; what stands before it is passed over, so order is kept.
            kind = mine[index][:2]
            place = next((place for place in range(at, stop) if its[place][:2] == kind), None)
            if place is not None:
                pairs.append((rows[index], others[place]))
                at = place + 1
    return pairs


def _keys(columns: Columns, rows: range) -> list[tuple[int, bool, bytes]]:
    part = slice(rows.start, rows.stop)
    classes = columns.chunk_class[part].tolist()
    nested = (columns.parent[part] >= 0).tolist()
    tokens = np.ascontiguousarray(columns.tokens[part, :3])
    return list(zip(classes, nested, [row.tobytes() for row in tokens], strict=True))
