"""Problems with the shape of real ones: few long chunks, falling levels, classes with members."""

from __future__ import annotations

import numpy as np

from engine.columns import Columns, FileRow
from engine.pack import Frame, Problem

SHARE_OF_CLASSES = [0.5, 0.2, 0.05, 0.02, 0.05, 0.1, 0.02, 0.02, 0.02, 0.02]


def made_problem(n: int, seed: int, *, per_file: int = 8, outline: int = 4) -> Problem:
    """A problem with ``n`` chunks, about ``per_file`` to a file; the same for the same seed."""
    rng = np.random.default_rng(seed)
    _, at = np.unique(np.sort(rng.integers(0, max(1, n // per_file), n)), return_inverse=True)
    file = at.astype(np.int32)
    files = int(file.max(initial=-1)) + 1
    full = np.maximum(3, np.exp(rng.normal(4.3, 1.1, n))).astype(np.int64)
    part = np.sort(rng.random((n, 4)), axis=1)[:, ::-1] * np.array([1.0, 0.6, 0.3, 0.1])
    part = np.minimum.accumulate(part, axis=1)
    tokens = np.column_stack([full, np.maximum(1, full[:, None] * part).astype(np.int64)])
    tokens[:, 3] += 9
    kept = np.clip(np.sqrt(part) * rng.uniform(0.8, 1.2, (n, 4)), 0, 0.98)
    retention = np.column_stack([np.ones(n), kept, rng.uniform(0.01, 0.05, n)])
    parent = np.full(n, -1, dtype=np.int32)
    scope = -1
    for i, (opens, stays) in enumerate(rng.random((n, 2))):
        if i and file[i] != file[i - 1]:
            scope = -1
        if scope >= 0 and stays < 0.85:
            parent[i] = scope
        if opens < 0.15:
            scope = i
            tokens[i] = np.minimum(tokens[i], 40)
    relevance = np.clip(np.exp(rng.normal(0, 1, n)), 0.1, 10)
    for i in range(n - 1, -1, -1):
        if parent[i] >= 0:
            relevance[parent[i]] = max(relevance[parent[i]], relevance[i])
    columns = Columns(
        files=[FileRow(f"f{i}.py", "python", 10, "0" * 40, ()) for i in range(files)],
        file=file,
        chunk_class=rng.choice(len(SHARE_OF_CLASSES), n, p=SHARE_OF_CLASSES).astype(np.int8),
        parent=parent,
        start_line=np.ones(n, dtype=np.int32),
        end_line=np.ones(n, dtype=np.int32),
        tokens=np.minimum.accumulate(tokens, axis=1).astype(np.int32),
        retention=np.minimum.accumulate(retention, axis=1),
        line_tokens=rng.integers(15, 30, files).astype(np.int32),
        path_tokens=rng.integers(4, 12, files).astype(np.int32),
    )
    return Problem(columns, relevance, Frame.of(columns, fixed_tokens=60, header_extra=6, outline_tokens=outline))
