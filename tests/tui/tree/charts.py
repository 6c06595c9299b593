"""Charts and packs by hand, and all kinds of them by Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from engine.live import Chart, LivePack
from engine.model import Level
from tests.tui.samples import sample_chart, sample_pack

FileSpec = tuple[str, Sequence[tuple[int, int]]]
"""Path, and (tokens, parent within the file or -1) of its chunks."""


def chart_of(files: Sequence[FileSpec], classes: Sequence[int] | None = None) -> Chart:
    """A chart of exactly these files and chunks."""
    base = sample_chart(files=max(1, len(files)), chunks_per_file=1, paths=[path for path, _ in files])
    sizes = [len(chunks) for _, chunks in files]
    first = np.cumsum([0, *sizes])[:-1]
    file = np.repeat(np.arange(len(files), dtype=np.int32), sizes)
    tokens = np.array([size for _, chunks in files for size, _ in chunks], np.int32)
    parent = [
        int(start) + up if up >= 0 else -1 for start, (_, chunks) in zip(first, files, strict=True) for _, up in chunks
    ]
    n = len(tokens)
    lines = np.arange(1, n + 1, dtype=np.int32)
    rows = {row.path: row for row in base.columns.files}
    columns = replace(
        base.columns,
        files=[replace(rows[path], path=path) for path, _ in files], file=file, parent=np.array(parent, np.int32),
        chunk_class=np.zeros(n, np.int8) if classes is None else np.array(classes, np.int8),
        start_line=lines, end_line=lines, tokens=np.stack([tokens // (1 + level) for level in range(5)], axis=1),
        retention=np.ones((n, 6)), line_tokens=base.columns.line_tokens[: len(files)],
        path_tokens=base.columns.path_tokens[: len(files)],
    )  # fmt: skip
    return replace(base, columns=columns)


def pack_of(chart: Chart, levels: Sequence[int] | npt.NDArray[np.int8]) -> LivePack:
    """A pack with these levels."""
    columns = chart.columns
    chosen = np.array(levels, np.int8)
    tokens = np.where(chosen < Level.EMERGENCY, columns.tokens[np.arange(len(chosen)), np.minimum(chosen, 4)], 0)
    in_files = np.bincount(columns.file, tokens, len(columns.files)).astype(np.int32) + 3
    pack = sample_pack(sample_chart(files=4, chunks_per_file=2), 12_000)
    return replace(
        pack, levels=chosen, tokens=tokens.astype(np.int32), file_tokens=in_files, est_used=int(in_files.sum()),
        values=np.linspace(1, 2, len(chosen)), pinned=np.full(len(chosen), -1, np.int8),
        excluded=np.zeros(len(chosen), np.bool_),
    )  # fmt: skip


_PART = st.sampled_from(["a", "b", "c", "src", "main", "[/x]", "d\u0301", "\x1b[1m"])
_PATH = st.lists(_PART, min_size=1, max_size=5).map(lambda parts: "/".join(parts) + ".py")


@st.composite
def chunk_lists(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Chunks of one file, each nested in an earlier one or in none."""
    sizes = draw(st.lists(st.integers(0, 500), max_size=6))
    return [(size, draw(st.integers(-1, at - 1))) for at, size in enumerate(sizes)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Chart, LivePack]:
    """A chart and a pack of it."""
    paths = draw(st.lists(_PATH, min_size=1, max_size=10, unique=True))
    chart = chart_of([(path, draw(chunk_lists())) for path in paths])
    n = chart.columns.chunks
    return chart, pack_of(chart, draw(st.lists(st.integers(0, 6), min_size=n, max_size=n)))
