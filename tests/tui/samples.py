"""Charts and packs made by code, with numbers that agree with each other as the engine's do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.budget import parse_budget
from engine.columns import Columns, FileRow
from engine.live import Chart, LivePack
from engine.model import CLASSES, Method, Model, Skipped
from engine.request import PackRequest, ScanRequest, Tuning

WEIGHTS = np.array([1.0, 0.45, 0.3, 0.5, 0.6, 0.6, 0.12, 0.08, 0.08, 0.03])
"""What a chunk of each class is worth here, in the order of ``CLASSES``."""

_FOLDERS: tuple[tuple[str, str, int], ...] = (
    ("src/shop", "py", 0), ("src/shop/orders", "py", 0), ("src/shop/money", "py", 0), ("tests", "py", 1),
    ("tests/orders", "py", 1), ("examples", "py", 3), ("config", "toml", 4), ("docs", "md", 5), ("docs/guide", "md", 5),
    ("data", "csv", 6), ("gen", "py", 7), ("third_party/lib", "js", 8), ("", "lock", 9), ("notes", "txt", 2),
)  # fmt: skip
"""(folder, ending, class) of files, in turn."""


def sample_model(**changes: Any) -> Model:
    """A model with a window of 200,000 tokens that is counted exactly, changed as said."""
    model = Model(
        id="sample-1", aliases=("sample",), provider="acme", context_window=200_000, max_input=200_000,
        max_output=32_000, price_in=Decimal("3"), price_out=Decimal("15"), price_cache_read=None, price_tiers=(),
        encoding="o200k_base", method=Method.EXACT, error_band=(0.0, 0.0), claim="made up", deprecation="",
        source="samples", as_of="2026-11-01",
    )  # fmt: skip
    return replace(model, **changes)


def sample_chart(
    *,
    files: int = 60,
    chunks_per_file: int = 6,
    seed: int = 7,
    model: Model | None = None,
    paths: Sequence[str] = (),
    name: str = "shop",
    classes: Sequence[int] | None = None,
    skipped: tuple[Skipped, ...] = (Skipped("logo.png", "binary"), Skipped("old.bin", "binary")),
) -> Chart:
    """A repository of ``files`` files with ``files * chunks_per_file`` chunks; the same for the same arguments.

    Args:
        files: Number of files; those of ``paths`` come first.
        chunks_per_file: Chunks of each file.
        seed: Of all that is random.
        model: Whose tokens are counted.
        paths: Paths to use as they are, hostile ones too.
        name: Name of the repository.
        classes: Indices into ``CLASSES`` that chunks may have; all of them when None.
        skipped: Paths without chunks.
    """
    rng = np.random.default_rng(seed)
    model = model or sample_model()
    made = [_FOLDERS[i % len(_FOLDERS)] for i in range(files)]
    names = [f"{folder}/{folder.rpartition('/')[2] or 'pack'}_{i}.{end}".lstrip("/") for i, (folder, end, _) in
             enumerate(made)]  # fmt: skip
    names[: len(paths)] = list(paths)[:files]
    order = sorted(range(files), key=lambda i: names[i])
    n = files * chunks_per_file
    file = np.repeat(np.arange(files, dtype=np.int32), chunks_per_file)
    kinds = np.array([made[i][2] for i in order], dtype=np.int8)
    chunk_class = np.repeat(kinds, chunks_per_file)
    chunk_class[(rng.random(n) < 0.08) & (chunk_class == 0)] = 2
    if classes is not None:
        chunk_class = np.asarray(classes, dtype=np.int8)[chunk_class % len(classes)]
    full = np.maximum(4, np.exp(rng.normal(4.6, 1.0, n))).astype(np.int64)
    part = np.sort(rng.random((n, 4)), axis=1)[:, ::-1] * np.array([1.0, 0.6, 0.25, 0.08])
    tokens = np.column_stack([full, np.maximum(1, full[:, None] * part).astype(np.int64)])
    kept = np.clip(np.sqrt(part), 0.02, 0.98)
    retention = np.column_stack([np.ones(n), kept, np.full(n, 0.015)])
    lines = np.maximum(1, full // 9).astype(np.int64).reshape(files, chunks_per_file)
    ends = np.cumsum(lines, axis=1)
    columns = Columns(
        files=[
            FileRow(names[i], "python" if names[i].endswith(".py") else "text", int(end), f"{at:040x}", ("main", "run"))
            for at, (i, end) in enumerate(zip(order, ends[:, -1], strict=True))
        ],
        file=file,
        chunk_class=chunk_class.astype(np.int8),
        parent=np.full(n, -1, dtype=np.int32),
        start_line=(ends - lines + 1).reshape(-1).astype(np.int32),
        end_line=ends.reshape(-1).astype(np.int32),
        tokens=np.minimum.accumulate(tokens, axis=1).astype(np.int32),
        retention=np.minimum.accumulate(retention, axis=1),
        line_tokens=rng.integers(8, 14, files).astype(np.int32),
        path_tokens=rng.integers(4, 12, files).astype(np.int32),
    )
    scan = ScanRequest(Path("/repos") / "shop", model.id)
    summary: dict[str, Any] = {
        "root": "/repos/shop", "revision": "0" * 40, "files": files, "chunks": n, "tokens": int(full.sum()),
        "model": model.id, "encoding": model.encoding, "method": str(model.method),
        "classes": {
            kind.value: {"files": 0, "chunks": int(one.sum()), "tokens": int(full[one].sum())}
            for i, kind in enumerate(CLASSES) if (one := chunk_class == i).any()
        },
        "languages": {}, "levels": {}, "skipped": [], "cache": {"hits": files, "misses": 0}, "seconds": {"total": 0.4},
    }  # fmt: skip
    return Chart(scan, "/repos/shop", name, "0" * 40, model, columns, skipped, summary)


def sample_request(chart: Chart, budget: int | str = 12_000, **changes: Any) -> PackRequest:
    """A request for a pack of this chart."""
    return replace(PackRequest(chart.scan, budget), **changes)


def sample_pack(
    chart: Chart,
    budget: int | str = 12_000,
    *,
    tuning: Tuning | None = None,
    reserve: int = 0,
    settled: bool = True,
    request: PackRequest | None = None,
    **changes: Any,
) -> LivePack:
    """A pack whose levels fit the budget and whose sums agree; ``changes`` replace fields at the end."""
    columns, window = chart.columns, chart.model.context_window
    request = request or sample_request(chart, budget, tuning=tuning or Tuning(), reserve_tokens=reserve)
    budget_tokens = parse_budget(request.budget, window)
    excluded, pinned = _matches(chart, request.tuning)
    deepest = np.array([request.tuning.max_level.get(kind, 5) for kind in CLASSES])[columns.chunk_class]
    values = WEIGHTS[columns.chunk_class] * (0.5 + (np.arange(columns.chunks) * 2654435761 % 97) / 97)
    at_levels = np.column_stack([columns.tokens.astype(np.int64), np.zeros((columns.chunks, 2), dtype=np.int64)])
    rank = np.argsort(np.argsort(-values, kind="stable"), kind="stable") / max(1, columns.chunks)
    frame = 60 + int(columns.path_tokens.sum()) // 2
    levels = _fitting(rank, deepest, pinned, excluded, at_levels, budget_tokens - frame)
    tokens = np.take_along_axis(at_levels, levels[:, None].astype(np.int64), axis=1)[:, 0].astype(np.int32)
    class_tokens = np.bincount(columns.chunk_class, tokens, len(CLASSES)).astype(np.int32)
    used = int(class_tokens.sum()) + frame
    in_scope = ~excluded
    matrix = np.zeros((len(CLASSES), 6), dtype=np.int64)
    for level in range(5):
        matrix[:, level] = np.bincount(
            columns.chunk_class[in_scope], columns.tokens[in_scope, level], len(CLASSES)
        )  # fmt: skip
    first = np.searchsorted(columns.file, np.arange(len(columns.files)))
    matrix[:, 5] = np.bincount(columns.chunk_class[first], columns.line_tokens, len(CLASSES))
    kept = np.column_stack([columns.retention, np.zeros(columns.chunks)])
    worth = max(1e-9, float(values[in_scope].sum()))
    quality = float((values * kept[np.arange(columns.chunks), levels] * in_scope).sum()) / worth
    alternatives = tuple(
        (int(matrix[:, level].sum()) + frame, float((values * kept[:, level] * in_scope).sum()) / worth)
        for level in range(6)
    )
    pack = LivePack(
        request=request, budget_tokens=budget_tokens, reserve_tokens=request.reserve_tokens, context_window=window,
        format=request.format or "markdown", levels=levels, tokens=tokens,
        file_tokens=(np.bincount(columns.file, tokens, len(columns.files)) + columns.path_tokens).astype(np.int32),
        values=values, pinned=pinned, excluded=excluded, class_tokens=class_tokens, frame_tokens=frame, est_used=used,
        actual=used - 3 if settled else None, quality=quality, gap=0.0013, cut=0.004, matrix=matrix,
        alternatives=alternatives, smallest_tokens=frame,
    )  # fmt: skip
    return replace(pack, **changes)


def _matches(chart: Chart, tuning: Tuning) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """(excluded, pinned) of each chunk; globs are read as the shell does, good enough here."""
    columns = chart.columns

    def of(glob: str) -> npt.NDArray[np.bool_]:
        plain = glob.replace("\\", "").lstrip("/")
        plain = f"{plain}*" if plain.endswith("/") else plain
        return np.array([fnmatch(row.path, plain) for row in columns.files], dtype=np.bool_)[columns.file]

    excluded = np.zeros(columns.chunks, dtype=np.bool_)
    pinned = np.full(columns.chunks, -1, dtype=np.int8)
    for glob in tuning.excludes:
        excluded |= of(glob)
    for glob, level in tuning.pins:
        pinned[of(glob)] = level
    return excluded, pinned


def _fitting(
    rank: npt.NDArray[np.float64], deepest: npt.NDArray[np.int64], pinned: npt.NDArray[np.int8],
    excluded: npt.NDArray[np.bool_], at_levels: npt.NDArray[np.int64], room: int,
) -> npt.NDArray[np.int8]:  # fmt: skip
    """The fullest levels that fit, the most valuable chunks first: one level deeper with each seventh of the ranks."""
    levels = np.full(len(rank), 6, dtype=np.int8)
    for step in range(-60, 100):
        tried = np.clip(np.floor(rank * 6 + step / 10), 0, 6)
        tried = np.where(tried == 6, 6, np.minimum(tried, deepest))
        tried = np.where(pinned >= 0, pinned, tried)
        levels = np.where(excluded, 6, tried).astype(np.int8)
        if np.take_along_axis(at_levels, levels[:, None].astype(np.int64), axis=1).sum() <= room:
            break
    return levels
