"""From the columns of a scan to the plain sizes that the gate judges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.columns import CLASSES, Columns
from engine.gate import FileSize, Part
from engine.usecases.repository import Repository


def file_sizes(columns: Columns) -> tuple[FileSize, ...]:
    """Tokens of each file in full, by class."""
    width = len(CLASSES)
    cells = columns.file.astype(np.int64) * width + columns.chunk_class
    sums = np.bincount(cells, columns.tokens[:, 0], len(columns.files) * width).astype(np.int64).reshape(-1, width)
    return tuple(
        FileSize(row.path, total, tuple(classes))
        for row, total, classes in zip(columns.files, sums.sum(axis=1).tolist(), sums.tolist(), strict=True)
    )


def file_parts(repository: Repository) -> Callable[[str], tuple[Part, ...]]:
    """A function that gives the chunks of a file; texts are looked up only when it is called."""

    def parts(path: str) -> tuple[Part, ...]:
        columns, _ = repository.columns()
        file = next(number for number, row in enumerate(columns.files) if row.path == path)
        first, behind = np.searchsorted(columns.file, [file, file + 1]).tolist()
        texts = repository.texts()
        return tuple(
            Part(
                int(columns.start_line[chunk]),
                int(columns.end_line[chunk]),
                f"{texts.kind(chunk)} {texts.symbol(chunk)}".rstrip(),
                int(columns.tokens[chunk, 0]),
            )
            for chunk in range(first, behind)
        )

    return parts
