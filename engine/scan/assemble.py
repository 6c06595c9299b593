"""From byte strings per file to columns over the repository, and back and forth to a snapshot.

Each file's rows are already in the layout of a numpy record, so that assembling is one join and one view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np
import numpy.typing as npt

from engine.columns import Columns, FileRow, Floats, Ints
from engine.scan.record import COUNT_COLUMNS

if TYPE_CHECKING:
    from engine.scan.run import Analysed

ROW = np.dtype(
    [
        ("chunk_class", "u1"), ("kind", "u1"), ("parent", "<i4"), ("start_line", "<u4"), ("end_line", "<u4"),
        ("text_start", "<u4"), ("retention", "<u2", (6,)),
    ]
)  # fmt: skip
"""The numpy view of ``engine.scan.record.CHUNK_ROW``."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where chunks stand in their files: only rendering needs it."""

    kind: npt.NDArray[np.uint8]
    """(n,) index into ``engine.scan.record.KINDS``."""
    text_start: npt.NDArray[np.uint32]
    """(n,) byte offset of the chunk in the file's UTF-8 text."""


_LEAST_LOSS = 4 / 65535
"""What a level loses at least when it saves tokens, so that blank lines come back once there is room for them."""

CountMany = Callable[[Sequence[str]], list[int]]


def assemble(analysed: Analysed, path_text: Callable[[str], str], count_many: CountMany) -> tuple[Columns, Layout]:
    """Build the columns.

    Args:
        analysed: The files.
        path_text: How a path is written in a pack.
        count_many: Counts texts with the model's vocabulary.

    Returns:
        Columns whose ``line_tokens`` are still zero (the rendering decides what a line says), and the layout.
    """
    files = [
        FileRow(entry.file.path, head[2], head[4], head[0], tuple(head[6]))
        for entry, head in zip(analysed.entries, analysed.heads, strict=True)
    ]
    rows = np.frombuffer(b"".join(analysed.rows), ROW)
    counts = np.frombuffer(b"".join(analysed.counts), "<u4").reshape(-1, COUNT_COLUMNS).astype(np.int32)
    sizes = np.array([len(part) // ROW.itemsize for part in analysed.rows], np.int64)
    file = np.repeat(np.arange(len(files), dtype=np.int32), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
    parent = rows["parent"].astype(np.int32)
    path_tokens = np.array(count_many([path_text(row.path) for row in files]), np.int32)
    columns = Columns(
        files=files,
        file=file,
        chunk_class=rows["chunk_class"].astype(np.int8),
        parent=np.where(parent >= 0, parent + first[file].astype(np.int32), -1).astype(np.int32),
        start_line=rows["start_line"].astype(np.int32),
        end_line=rows["end_line"].astype(np.int32),
        tokens=level_tokens(counts, path_tokens[file]),
        retention=level_retention(counts, rows["retention"], path_tokens[file]),
        line_tokens=np.zeros(len(files), np.int32),
        path_tokens=path_tokens,
    )
    return columns, Layout(np.ascontiguousarray(rows["kind"]), np.ascontiguousarray(rows["text_start"]))


def level_tokens(counts: Ints, path_tokens: Ints) -> Ints:
    """Tokens at levels 0-4 with the capsule line at level 3; never rising along a row."""
    tokens = counts[:, :5].copy()
    tokens[:, 3] += _capsule_tokens(counts, path_tokens)
    return np.minimum.accumulate(tokens, axis=1)


def level_retention(counts: Ints, stored: Ints, path_tokens: Ints) -> Floats:
    """Retention at levels 0-5; a level that is no cheaper shows, and therefore keeps, what the one above it does."""
    tokens = counts[:, :5].copy()
    tokens[:, 3] += _capsule_tokens(counts, path_tokens)
    best = np.minimum.accumulate(tokens, axis=1)
    retention = stored.astype(np.float64) / 65535.0
    for level in range(1, 5):
        same = (tokens[:, level] >= best[:, level - 1]) & (tokens[:, level] > 0)
        limit = retention[:, level - 1] - np.where(same, 0.0, _LEAST_LOSS)
        retention[:, level] = np.where(same, limit, np.clip(retention[:, level], 0.0, np.maximum(limit, 0.0)))
    return np.minimum.accumulate(retention, axis=1)


def _capsule_tokens(counts: Ints, path_tokens: Ints) -> Ints:
    # A capsule that folds nothing has no capsule line.
    folded = counts[:, 3] < counts[:, 0]
    return np.where(folded, path_tokens + counts[:, 5] + 1, 0).astype(np.int32)


def pack_columns(columns: Columns, layout: Layout) -> bytes:
    """Serialise for a snapshot."""
    packed: bytes = msgpack.packb(
        {
            "files": [(*_row(row),) for row in columns.files],
            "arrays": [np.ascontiguousarray(array, dtype).tobytes() for array, dtype in _arrays(columns, layout)],
        }
    )
    return packed


def unpack_columns(data: bytes) -> tuple[Columns, Layout]:
    """Read what ``pack_columns`` wrote."""
    stored = msgpack.unpackb(data)
    arrays = [np.frombuffer(raw, dtype) for raw, dtype in zip(stored["arrays"], _DTYPES, strict=True)]
    files = [
        FileRow(path.decode("utf-8", "surrogateescape"), language, lines, blob_id, tuple(names))
        for path, language, lines, blob_id, names in stored["files"]
    ]
    file, chunk_class, parent, start, end, tokens, retention, line_tokens, path_tokens, kind, starts = arrays
    columns = Columns(
        files, file, chunk_class, parent, start, end, tokens.reshape(-1, 5),
        retention.reshape(-1, 6) / 65535.0, line_tokens, path_tokens,
    )  # fmt: skip
    return columns, Layout(kind, starts)


_DTYPES = ("<i4", "i1", "<i4", "<i4", "<i4", "<i4", "<u2", "<i4", "<i4", "u1", "<u4")


def _row(row: FileRow) -> tuple[bytes, str, int, str, tuple[str, ...]]:
    return row.path.encode("utf-8", "surrogateescape"), row.language, row.lines, row.blob_id, row.names


def _arrays(columns: Columns, layout: Layout) -> list[tuple[npt.NDArray[Any], str]]:
    arrays: list[npt.NDArray[Any]] = [
        columns.file, columns.chunk_class, columns.parent, columns.start_line, columns.end_line,
        columns.tokens, np.rint(columns.retention * 65535.0), columns.line_tokens, columns.path_tokens,
        layout.kind, layout.text_start,
    ]  # fmt: skip
    return list(zip(arrays, _DTYPES, strict=True))
