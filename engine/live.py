"""A repository held open for live packing: what front ends that repack at every key press are given.

Plain data and one protocol. What holds arrays is compared by identity. ``Inspector.live`` opens
it; every number in here is the number that ``scan --json`` and ``pack --json`` print for the same request, or says that
it is not settled yet. ``matrix`` counts text of chunks alone; ``alternatives`` add the frame of such a pack (legend,
tree, headers, what the format adds), and never rise towards deeper levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.columns import Columns, Floats, Ints
from engine.events import Emit, IsCancelled, ignore, never
from engine.model import Model, Skipped
from engine.request import PackRequest, ScanRequest

if TYPE_CHECKING:
    from engine.pack import Solution
    from engine.usecases.pack import Packed
    from engine.usecases.searched import Searched

Levels = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A scanned repository as screens draw it; nothing here changes with budget or tuning."""

    scan: ScanRequest
    """What was asked."""
    root: str
    """Folder that was scanned."""
    name: str
    """Short name of the repository."""
    revision: str
    """Commit id, or ``""`` where there is none."""
    model: Model
    """Whose tokens are counted."""
    columns: Columns
    """All chunks and files."""
    skipped: tuple[Skipped, ...]
    """Paths that are listed but hold no chunks, with the reason."""
    summary: dict[str, Any]
    """The scan's JSON."""


@dataclass(frozen=True, slots=True, eq=False)
class LivePack:
    """What one request makes of a repository, without the text. Arrays are read-only by convention."""

    request: PackRequest
    budget_tokens: int
    """The budget, as a number."""
    reserve_tokens: int
    """Tokens of the window kept free for the answer."""
    context_window: int
    format: str
    """``xml``, ``markdown``, ``json`` or ``plain``: what an empty format in the request stands for."""
    levels: Levels
    """(n,) level 0-6 of each chunk; 6 is omitted."""
    tokens: Ints
    """(n,) tokens of each chunk at its level; 0 at levels 5 and 6."""
    file_tokens: Ints
    """(m,) tokens each file takes in the pack, header, tree entry and its one line included."""
    values: Floats
    """(n,) what each chunk is worth: class weight times relevance."""
    pinned: Levels
    """(n,) level each chunk is pinned to, or -1."""
    excluded: npt.NDArray[np.bool_]
    """(n,) chunks that the tuning leaves out."""
    class_tokens: Ints
    """(10,) tokens of the pack by class, the frame not included; order of ``CLASSES``."""
    frame_tokens: int
    """Legend, tree, headers and wrappers: ``est_used`` minus the sum of ``class_tokens``."""
    est_used: int
    """Tokens of the pack by cached counts."""
    actual: int | None
    """Tokens of the finished text by recount; None until the pack is settled."""
    quality: float
    """Value-weighted retention over everything in scope, 0-1."""
    gap: float
    """How far the value can be below the optimum at most, as a fraction."""
    cut: float
    """Value per token at which the budget ran out; 0 when everything fits."""
    matrix: npt.NDArray[np.int64]
    """(10, 6) tokens of all chunks of a class in scope with everything at one level, never rising
    towards deeper ones; column 5 counts files' lines."""
    alternatives: tuple[tuple[int, float], ...]
    """(tokens, quality) of the whole scope at levels 0-5: the report's ``alternatives``."""
    smallest_tokens: int
    """The smallest budget that works, by cached counts."""
    problem: str = ""
    """Why there is no such pack (budget too small, unusable glob); levels are then those of the last one that worked
    or all omitted."""
    solution: Solution | None = None
    """What the solver said, for the engine alone; None where it was not asked."""
    changed: Ints | None = None
    """(n,) lines of each chunk that changed since the revision that ``request.diff`` names; None without one."""
    change_told: str = ""
    """The change in numbers, on one line."""

    @property
    def settled(self) -> bool:
        """Whether the finished text was counted."""
        return self.actual is not None

    @property
    def used_tokens(self) -> int:
        """What the pack takes: the recount where there is one."""
        return self.est_used if self.actual is None else self.actual


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A finished pack: the exact text, its report, and the same pack as live data."""

    text: str
    report: dict[str, Any]
    """The report of ``pack --json``."""
    pack: LivePack
    """With ``actual``; its levels are those of the text."""
    packed: Packed | None = None
    """The same for the engine alone, which remembers by it what the pack shows."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text of a chunk or a file at a level, as the model will see it."""

    text: str
    level: int
    """Level of the text; -1 for a file whose chunks have levels of their own."""
    tokens: int
    """Count of ``text``."""
    language: str
    first_line: int
    """Line of the file that the first line of ``text`` shows, from 1."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a chunk has the level it has."""

    level: int
    tokens: int
    tokens_full: int
    value: float
    retention: float
    """Share of the information kept at the level."""
    reason: str
    """In words, as in the report."""
    next_level: int | None
    """The next fuller level that costs more, or None."""
    next_tokens: int
    """Tokens it would add."""
    next_retention: float


GONE = -1
"""What stands in ``Moved`` for a chunk or file that is not there any more."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Old rows to new rows."""

    chunks: Ints
    """(n,) row in the new chart of each old chunk, or ``GONE``; ascending within a file."""
    files: Ints
    """(m,) index in the new chart of each old file, or ``GONE``."""


class Live(Protocol):
    """One scanned repository under one model, ready to be packed again and again.

    Calls come from one thread. ``repack`` is meant to end within 16 ms at 100,000 chunks when only the budget changed.
    """

    @property
    def chart(self) -> Chart:
        """What was scanned."""
        ...

    def repack(self, request: PackRequest, cancelled: IsCancelled = never, *, emit: Emit = ignore) -> LivePack:
        """Choose levels for a request; trouble that a person can cause is told in ``LivePack.problem``.

        Args:
            request: What is asked for.
            cancelled: Asked several times a second.
            emit: Receives progress of what only the first such request has to wait for, as the index of queries.

        Raises:
            Cancelled: on request.
        """
        ...

    def settle(self, request: PackRequest, emit: Emit = ignore, cancelled: IsCancelled = never) -> Settled:
        """Make the pack itself and recount it.

        Raises:
            PacksightError: as ``Inspector.pack``.
        """
        ...

    def search(
        self,
        request: PackRequest,
        intent: str = "",
        limit: int = 20,
        emit: Emit = ignore,
        cancelled: IsCancelled = never,
    ) -> Searched:
        """Find what answers the query of a request, in the files as they were scanned.

        Raises:
            PacksightError: as ``Inspector.search``.
        """
        ...

    def excerpt(self, file: int, chunk: int | None, level: int | None, pack: LivePack | None) -> Excerpt:
        """Text of a file, or of one chunk of it.

        Args:
            file: Index into ``columns.files``.
            chunk: Row of the chunk, or None for the whole file.
            level: 0-4, or None for the levels of ``pack``; a file at level 5 is its one line.
            pack: The pack whose levels are meant when ``level`` is None.
        """
        ...

    def why(self, pack: LivePack, chunk: int) -> Why:
        """Explain a chunk's level."""
        ...

    def labels(self, chunks: Sequence[int]) -> list[tuple[str, str]]:
        """(kind, symbol) of chunks; the symbol may be empty."""
        ...

    def token_ends(self, text: str) -> list[int]:
        """Offset in ``text`` behind each of its tokens, ascending; a character cut by tokens ends with the last."""
        ...

    def changed(self) -> bool:
        """Tell whether a file was found to be other than when it was scanned: open the repository again.

        It is noticed when the file's text is asked for, so this stays False while nobody looks.
        """
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...
