"""What changed since a revision, as chunks: those that hold changed lines, and those that the change touches."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, Floats
from engine.events import IsCancelled
from engine.model import ChunkClass
from engine.pack.problem import Mask
from engine.usecases.bench import Bench
from engine.usecases.value import reference_graph

if TYPE_CHECKING:
    from engine.rank import Contributions, Edges
    from engine.walk import Changes, FileChange

_TESTS = CLASSES.index(ChunkClass.TESTS)
_MET, _EXTENT = 0.4, 0.3
"""What a changed chunk's rank gains at most by how well it meets a query, and by how much of it changed."""
_KEPT = 4
"""Revisions compared with that are remembered for one state of a repository."""


@cache
def numbers() -> dict[str, dict[str, float]]:
    """The numbers of ``changes.toml``."""
    text = (resources.files("engine.usecases") / "changes.toml").read_text("utf-8")
    table: dict[str, dict[str, float]] = tomllib.loads(text)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """A change, laid over the chunks of a repository. Masks and numbers are (n,)."""

    revision: str
    """What was compared with, as it was written."""
    changes: Changes
    lines: npt.NDArray[np.int64]
    """Changed lines of each chunk; lines that were only taken away count where they were."""
    used: Mask
    """Chunks that define what changed chunks refer to."""
    users: Mask
    """Chunks that refer to what changed chunks define."""
    touched: Floats
    """How strongly each of both is tied to the change, 0-1."""

    @property
    def rows(self) -> Mask:
        """Chunks that hold changed lines."""
        return self.lines > 0

    def relevance(self, base: Floats, columns: Columns) -> Floats:
        """Relevance for this change of what is worth ``base`` without it."""
        from engine.rank import raise_scopes

        rules, top = numbers()["relevance"], float(base.max(initial=0.0)) or 1.0
        value = base + rules["touched"] * top * self.touched
        value = np.where(self.rows, np.maximum(value, rules["changed"] * top), value)
        return raise_scopes(columns, value)

    def reason(self, chunk: int) -> str:
        """What a chunk has to do with the change, ``""`` for nothing."""
        if self.lines[chunk]:
            return "it changed"
        return "what changed uses it" if self.used[chunk] else "it uses what changed" if self.users[chunk] else ""


def with_change(parts: Contributions, changed: Changed) -> Contributions:
    """What signals say, with a change as one more place that is asked for: what changed ranks first, by how well it
    meets the query besides and by how much of it changed, then what the change touches."""
    rules, total = numbers()["relevance"], parts.total
    top = float(total.max(initial=0.0)) or 1.0
    extent = np.log1p(changed.lines) / float(np.log1p(changed.lines.max(initial=1)))
    wanted = top * rules["changed"] * (1.0 + _MET * total / top + _EXTENT * extent)
    path = parts.path + np.where(changed.rows, np.maximum(0.0, wanted - total), 0.0)
    return replace(parts, path=path, graph=parts.graph + rules["touched"] * top * changed.touched)


_KNOWN: WeakKeyDictionary[Bench, dict[str, Changed]] = WeakKeyDictionary()


def changed_since(bench: Bench, revision: str, cancelled: IsCancelled) -> Changed:
    """Compare a repository with a revision; asking again costs nothing.

    Raises:
        InputError: no repository, or no such revision; names the nearest branches and tags.
        Cancelled: ``cancelled`` said so.
    """
    from engine.walk import changes_since

    known = _KNOWN.setdefault(bench, {})
    if revision not in known:
        changes = changes_since(bench.repository.listing, revision, cancelled=cancelled)
        while len(known) >= _KEPT:
            known.pop(next(iter(known)))
        known[revision] = _laid_over(bench, revision, changes)
    return known[revision]


def _laid_over(bench: Bench, revision: str, changes: Changes) -> Changed:
    columns = bench.columns
    lines = changed_lines(columns, changes.files)
    used, users = np.zeros(columns.chunks), np.zeros(columns.chunks)
    if lines.any():
        from engine.rank import edges

        used, users = _touched(edges(reference_graph(bench.repository, columns)), lines > 0)
        users *= np.where(columns.chunk_class == _TESTS, numbers()["relevance"]["tests"], 1.0)
    touched = used + users
    strongest = float(touched.max(initial=0.0))
    return Changed(revision, changes, lines, used > 0, users > 0, touched / strongest if strongest else touched)


def changed_lines(columns: Columns, changes: tuple[FileChange, ...]) -> npt.NDArray[np.int64]:
    """(n,) number of changed lines that each chunk holds."""
    lines = np.zeros(columns.chunks, np.int64)
    files = {row.path: number for number, row in enumerate(columns.files)}
    for change in changes:
        file = files.get(change.path)
        if file is None or change.kind == "deleted":
            continue
        first, behind = np.searchsorted(columns.file, [file, file + 1]).tolist()
        start, end = columns.start_line[first:behind], columns.end_line[first:behind]
        if change.whole:
            lines[first:behind] = np.maximum(1, end - start + 1)
        for hunk in () if change.whole else change.hunks:
            top = max(1, hunk.start)
            bottom = top + max(1, hunk.added) - 1
            lines[first:behind] += np.clip(np.minimum(end, bottom) - np.maximum(start, top) + 1, 0, None)
    return lines


def _touched(links: Edges, changed: Mask) -> tuple[Floats, Floats]:
    """(n,) how much chunks are used by the changed ones, and how much they use those."""
    out = []
    for here, there in ((links.source, links.target), (links.target, links.source)):
        near = changed[here] & ~changed[there]
        weight = np.sqrt(links.weight[near])
        out.append(np.bincount(there[near], weights=weight, minlength=len(changed)).astype(np.float64))
    return out[0], out[1]
