"""Text of one file or chunk at a level, as it stands in a pack."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.columns import Columns
from engine.live import Excerpt
from engine.model import Level
from engine.pack.problem import LINE, OUTLINE, Levels
from engine.render import RenderOptions
from engine.render.layout import all_file_lines, build_document
from engine.scan.texts import RepositoryTexts
from engine.usecases.bench import Bench


class Excerpts:
    """Writes excerpts of one repository."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def excerpt(self, file: int, chunk: int | None, level: int | None, levels: Levels | None) -> Excerpt:
        """Text of a file, or of one chunk of it.

        Args:
            file: Index into ``columns.files``.
            chunk: Row of the chunk, or None for the whole file.
            level: The level, or None for those in ``levels``.
            levels: (n,) levels of a pack; needed where ``level`` is None.

        Raises:
            ChangedMeanwhile: the file is not what was scanned.
        """
        columns = self._bench.columns
        first, behind = np.searchsorted(columns.file, [file, file + 1]).tolist()
        if level is None:
            assert levels is not None
            mine = levels[first:behind].copy()
        else:
            mine = np.full(behind - first, level, np.int8)
        whole = chunk is None
        if chunk is not None:
            mine = np.where(np.arange(first, behind) == chunk, mine, int(Level.OMITTED)).astype(np.int8)
            level = int(mine[chunk - first])
        start = int(columns.start_line[first if chunk is None else chunk]) if behind > first else 1
        text = ""
        if (mine <= OUTLINE).any():
            text, start = self._shown(file, first, behind, mine)
        elif (mine == LINE).any():
            text, start = all_file_lines(_only(columns, file, first, behind))[0] + "\n", 1
        told = -1 if whole and level is None else int(level or 0)
        language = columns.files[file].language
        return Excerpt(text, told, self._bench.counter.count(text) if text else 0, language, start)

    def _shown(self, file: int, first: int, behind: int, levels: Levels) -> tuple[str, int]:
        only = _only(self._bench.columns, file, first, behind)
        texts = _From(self._bench.texts, first)
        document = build_document(only, levels, np.zeros(1, np.bool_), texts, RenderOptions("plain"))
        parts = document.files[0].parts
        return "".join(part.text + part.note for part in parts), parts[0].start


def _only(columns: Columns, file: int, first: int, behind: int) -> Columns:
    """The columns of one file."""
    rows = slice(first, behind)
    parent = columns.parent[rows]
    return replace(
        columns,
        files=[columns.files[file]],
        file=np.zeros(behind - first, np.int32),
        chunk_class=columns.chunk_class[rows],
        parent=np.where(parent >= 0, parent - first, -1).astype(np.int32),
        start_line=columns.start_line[rows],
        end_line=columns.end_line[rows],
        tokens=columns.tokens[rows],
        retention=columns.retention[rows],
        line_tokens=columns.line_tokens[file : file + 1],
        path_tokens=columns.path_tokens[file : file + 1],
    )


class _From:
    """Implements ``engine.columns.Texts`` for the rows from one on."""

    def __init__(self, texts: RepositoryTexts, first: int) -> None:
        self._texts, self._first = texts, first

    def text(self, chunk: int, level: int) -> str:
        return self._texts.text(self._first + chunk, level)

    def outline(self, chunk: int) -> str:
        return self._texts.outline(self._first + chunk)

    def kind(self, chunk: int) -> str:
        return self._texts.kind(self._first + chunk)

    def altered(self, chunk: int, level: int) -> frozenset[str]:
        return self._texts.altered(self._first + chunk, level)

    def symbol(self, chunk: int) -> str:
        return self._texts.symbol(self._first + chunk)
