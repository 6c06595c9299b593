"""Totals of a scanned repository: by class, language, directory and level."""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES, Columns


def summarize(columns: Columns) -> dict[str, object]:
    """Add up a repository.

    Returns:
        Plain data with the keys ``files``, ``chunks``, ``tokens``, ``classes``, ``languages``, ``directories`` and
        ``levels`` of the scan's JSON.
    """
    full = columns.tokens[:, 0].astype(np.int64)
    per_file = np.bincount(columns.file, full, len(columns.files)).astype(np.int64)
    chunks_per_file = np.bincount(columns.file, minlength=len(columns.files))
    return {
        "files": len(columns.files),
        "chunks": columns.chunks,
        "tokens": int(full.sum()),
        "classes": _classes(columns, full),
        "languages": _languages(columns, per_file.tolist(), chunks_per_file.tolist()),
        "directories": _directories(columns, per_file.tolist()),
        "levels": level_totals(columns),
    }


def level_totals(columns: Columns) -> dict[str, int]:
    """Tokens with everything at one level, without the frame of a pack.

    Level 5 is one line per file; a file whose outline is shorter than its line is shown by its outline.
    """
    totals = columns.tokens.sum(axis=0, dtype=np.int64).tolist()
    outlines = np.bincount(columns.file, columns.tokens[:, 4], len(columns.files)).astype(np.int64)
    lines = int(np.minimum(outlines, columns.line_tokens).sum())
    return {str(level): total for level, total in enumerate([*totals, lines])}


def _classes(columns: Columns, full: np.ndarray[tuple[int], np.dtype[np.int64]]) -> dict[str, dict[str, object]]:
    number = columns.chunk_class.astype(np.int64)
    chunks = np.bincount(number, minlength=len(CLASSES))
    tokens = np.bincount(number, full, len(CLASSES))
    # A table of marks: ``numpy.unique`` would load masked arrays first, which takes longer than all sums here.
    present = np.zeros((len(CLASSES), len(columns.files)), dtype=bool)
    present[number, columns.file] = True
    files = present.sum(axis=1)
    levels = [np.bincount(number, columns.tokens[:, level], len(CLASSES)) for level in range(5)]
    return {
        name.value: {
            "files": int(files[index]),
            "chunks": int(chunks[index]),
            "tokens": int(tokens[index]),
            "levels": {str(level): int(column[index]) for level, column in enumerate(levels)},
        }
        for index, name in enumerate(CLASSES)
        if chunks[index]
    }


def _languages(columns: Columns, tokens: list[int], chunks: list[int]) -> dict[str, dict[str, int]]:
    totals: dict[str, dict[str, int]] = {}
    for row, file_tokens, file_chunks in zip(columns.files, tokens, chunks, strict=True):
        entry = totals.setdefault(row.language, {"files": 0, "chunks": 0, "tokens": 0})
        entry["files"] += 1
        entry["chunks"] += file_chunks
        entry["tokens"] += file_tokens
    return dict(sorted(totals.items(), key=lambda item: (-item[1]["tokens"], item[0])))


def _directories(columns: Columns, tokens: list[int]) -> dict[str, dict[str, int]]:
    """Top two levels of the tree: deeper ones are the inspector's business."""
    totals: dict[str, dict[str, int]] = {}
    for row, file_tokens in zip(columns.files, tokens, strict=True):
        parts = row.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").split("/")[:-1]
        for depth in range(min(len(parts), 2) + 1):
            entry = totals.setdefault("/".join(parts[:depth]) or ".", {"files": 0, "tokens": 0})
            entry["files"] += 1
            entry["tokens"] += file_tokens
    return dict(sorted(totals.items(), key=lambda item: (-item[1]["tokens"], item[0])))
