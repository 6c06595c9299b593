"""Chunks and their levels to the sections of a pack."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, Texts
from engine.model import ChunkClass
from engine.render.coverage import covered
from engine.render.document import Document, FileSection, Part, RenderOptions
from engine.render.legend import legend_line
from engine.render.lines import capsule_line, file_line
from engine.render.outline import gap_parts
from engine.render.shown import DEEPEST_SHOWN, line_files, shown_files
from engine.render.tree import tree_lines
from engine.visible import display_path, visible_text

_STEP = 2.0
"""Ratio of values that stand in one step of the stable order."""
_NOTHING = -1_000_000


def file_classes(columns: Columns) -> list[ChunkClass]:
    """Class that holds most tokens of each file; ties go to the class that comes first."""
    weight = np.zeros((len(columns.files), len(CLASSES)), dtype=np.int64)
    np.add.at(weight, (columns.file, columns.chunk_class), columns.tokens[:, 0].astype(np.int64) + 1)
    return [CLASSES[index] for index in weight.argmax(axis=1).tolist()] if len(weight) else []


def all_file_lines(columns: Columns, rows: Sequence[int] | None = None) -> list[str]:
    """Write the one line of each file (or of the files in ``rows``)."""
    classes = file_classes(columns)
    totals = np.bincount(columns.file, weights=columns.tokens[:, 0], minlength=len(columns.files)).astype(int).tolist()
    out = []
    for row in range(len(columns.files)) if rows is None else rows:
        file = columns.files[row]
        out.append(file_line(file.path, classes[row].value, file.lines, totals[row], file.names))
    return out


def alternate(ranked: Sequence[int]) -> list[int]:
    """Put the best first, the second last, the third second …: models read the ends of a long text best."""
    return [*ranked[0::2], *reversed(ranked[1::2])]


def build_document(
    columns: Columns,
    levels: npt.NDArray[np.int8],
    file_lines: npt.NDArray[np.bool_],
    texts: Texts,
    options: RenderOptions,
) -> Document:
    """Decide sections, order and every line of a pack.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6; 5 counts as shown by the file's line, or not at all.
        file_lines: (m,) files represented by their one line.
        texts: Fetches chunk text.
        options: Title, revision, values.

    Returns:
        What every format writes.
    """
    shown = shown_files(columns, levels)
    short = line_files(columns, levels, file_lines)
    value = np.zeros(columns.chunks) if options.value is None else options.value
    counted = np.where(levels <= DEEPEST_SHOWN, value, 0.0)
    worth = np.bincount(columns.file, weights=counted, minlength=len(columns.files)).tolist()
    paths = [file.path for file in columns.files]
    ranked = sorted(shown.tolist(), key=lambda row: (-worth[row], paths[row]))
    order = sorted(ranked, key=lambda row: paths[row]) if options.value is None else alternate(ranked)
    if options.stable and options.value is not None:
        whole = np.bincount(columns.file, weights=options.value, minlength=len(columns.files)).tolist()
        order = sorted(ranked, key=lambda row: (-_step(whole[row]), paths[row]))

    first = np.searchsorted(columns.file, np.arange(len(paths) + 1)).tolist()
    level_list = levels.tolist()
    marks = [(paths[row], min(level_list[first[row] : first[row + 1]])) for row in shown.tolist()]
    marks += [(paths[row], 5) for row in short.tolist()]
    builder = _Sections(columns, level_list, texts)
    files = tuple(builder.section(row, first[row], first[row + 1]) for row in order)
    lines = all_file_lines(columns, short.tolist()) if len(short) else []
    used = set(np.unique(levels[levels <= DEEPEST_SHOWN]).tolist()) | ({5} if lines else set())
    coverage, directories = "", list[str]()
    if options.scope is not None:
        said, directories = covered(columns, levels, file_lines, options.scope)
        coverage = said.sentence()
    gaps = any(part.level >= DEEPEST_SHOWN for file in files for part in file.parts)
    return Document(
        title=display_path(options.title),
        revision=display_path(options.revision),
        legend=legend_line(used, gaps, marks=options.format != "json", altered=builder.altered),
        tree=tuple(tree_lines(marks)),
        lines=tuple(sorted(lines)),
        files=files,
        coverage=coverage,
        notes=options.notes,
        directories=tuple(directories),
        stable=options.stable,
    )


def _step(value: float) -> int:
    """The size of a value in steps that small changes do not leave."""
    return round(math.log(value, _STEP)) if value > 0 else _NOTHING


class _Sections:
    """Builds file sections; plain lists, since numpy scalars are slow one by one."""

    def __init__(self, columns: Columns, levels: list[int], texts: Texts) -> None:
        self._files = columns.files
        self._levels = levels
        self._start: list[int] = columns.start_line.tolist()
        self._end: list[int] = columns.end_line.tolist()
        self._parent: list[int] = columns.parent.tolist()
        self._texts = texts
        self.altered: set[str] = set()
        """What was done to the text of chunks so far; see ``engine.columns.Texts.altered``."""

    def section(self, row: int, first: int, behind: int) -> FileSection:
        """Build the section of file ``row`` whose chunks are ``first`` to ``behind`` (exclusive)."""
        file = self._files[row]
        visible = [chunk for chunk in range(first, behind) if self._levels[chunk] <= DEEPEST_SHOWN]
        low, high = visible[0], visible[-1]
        parts: list[Part] = []
        hidden: list[int] = []
        for chunk in range(low, high + 1):
            if self._levels[chunk] >= DEEPEST_SHOWN:
                hidden.append(chunk)
                continue
            parts += self._gap(hidden)
            hidden = []
            parts.append(self._part(file.path, chunk))
        parts += self._gap(hidden)
        whole = low == first and high == behind - 1 and all(self._levels[c] == 0 for c in visible)
        span = "" if whole else f"{self._start[low]}-{self._end[high]}/{max(file.lines, self._end[high])}"
        return FileSection(file.path, file.language, span, tuple(parts))

    def _part(self, path: str, chunk: int) -> Part:
        level, start, end = self._levels[chunk], self._start[chunk], self._end[chunk]
        text = self._texts.text(chunk, level)
        self.altered |= self._texts.altered(chunk, level)
        note = ""
        # A capsule that was not cheaper falls back to the text of level 2: nothing more was left out.
        if level == 3 and text != self._texts.text(chunk, 2):
            note = capsule_line(path, start, end) + "\n"
        text = visible_text(text)
        if text and not text.endswith("\n"):
            text += "\n"
        return Part(start, end, level, text, note)

    def _gap(self, hidden: list[int]) -> list[Part]:
        if not hidden:
            return []
        return gap_parts(hidden, self._levels, self._start, self._end, self._parent, self._texts.outline)
