"""What the app knows, in one frozen value, and the pure functions that change it.

Only facts live here; what can be derived is computed where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from engine.events import Progress
from engine.live import Chart, LivePack, Settled
from engine.model import ChunkClass
from engine.request import PackRequest
from tui.answer import Answer, Task

MOST_STEPS = 500
"""Requests that undo remembers."""


class Phase(StrEnum):
    """Where the app is with the repository."""

    SCANNING = "scanning"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """What a running scan has found so far."""

    files: int = 0
    tokens: int = 0
    """At level 0."""
    classes: Mapping[ChunkClass, int] = field(default_factory=dict)
    """Tokens by class."""
    folders: Mapping[str, int] = field(default_factory=dict)
    """Tokens by top-level folder (with ``/`` at its end) or file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be selected: a file, a chunk of it, or a folder."""

    file: int = -1
    """Index into ``columns.files``, or -1 for a folder."""
    chunk: int | None = None
    """Row of the chunk, or None for the whole file."""
    folder: str = ""
    """Path of a folder without a slash at its end; ``""`` is the root when ``file`` is -1."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """Everything that more than one widget shows; compared by identity, because packs hold arrays."""

    request: PackRequest
    """What was asked for last; ``pack`` may still be of an earlier one."""
    context_window: int = 0
    """Tokens of the model's window; 0 while unknown."""
    generation: int = 0
    """Number of the request; an answer to an earlier one is stale."""
    phase: Phase = Phase.SCANNING
    progress: Progress | None = None
    """How far the running call is."""
    elapsed_s: float = 0.0
    """Seconds since the scan began, as of ``progress``."""
    found: Found = field(default_factory=Found)
    chart: Chart | None = None
    pack: LivePack | None = None
    """The newest pack that was answered."""
    settled: Settled | None = None
    """The finished text of ``pack``, when it was made."""
    trouble: str = ""
    """What failed, in words; empty when nothing did."""
    saved: PackRequest | None = None
    """The request as the profile in use has it; None when no profile is in use."""
    task: Task = field(default_factory=Task)
    """What the answer is for."""
    answer: Answer | None = None
    """What the estimator wants for it; None while that is not known."""
    undo: tuple[PackRequest, ...] = ()
    redo: tuple[PackRequest, ...] = ()

    @property
    def is_lasting(self) -> bool:
        """Whether a call on an open repository says how much there is to do; what takes no time does not."""
        return self.phase is Phase.READY and self.progress is not None and self.progress.total > 0

    @property
    def is_current(self) -> bool:
        """Whether ``pack`` answers ``request``."""
        return self.pack is not None and self.pack.request == self.request


def asked(state: ViewState, request: PackRequest, *, continued: bool = False) -> ViewState:
    """Ask for something else; what was asked before can be undone.

    Args:
        state: What the app knows.
        request: What is asked for now.
        continued: Part of a gesture that began before: undo goes back to where the gesture began.
    """
    if request == state.request:
        return state
    undo = state.undo if continued and state.undo else (*state.undo, state.request)[-MOST_STEPS:]
    return replace(state, request=request, generation=state.generation + 1, undo=undo, redo=())


def undone(state: ViewState) -> ViewState:
    """Go back to the request before."""
    if not state.undo:
        return state
    return replace(
        state, request=state.undo[-1], undo=state.undo[:-1], redo=(*state.redo, state.request),
        generation=state.generation + 1,
    )  # fmt: skip


def redone(state: ViewState) -> ViewState:
    """Take back an undo."""
    if not state.redo:
        return state
    return replace(
        state, request=state.redo[-1], redo=state.redo[:-1], undo=(*state.undo, state.request),
        generation=state.generation + 1,
    )  # fmt: skip


def progressed(state: ViewState, progress: Progress, elapsed_s: float) -> ViewState:
    """Learn how far the running call is."""
    return replace(state, progress=progress, elapsed_s=elapsed_s)


def scanning(state: ViewState) -> ViewState:
    """Begin to read the repository, keeping what is shown until there is something new."""
    return replace(state, phase=Phase.SCANNING, progress=None, elapsed_s=0.0, found=Found(), trouble="")


def opened(state: ViewState, chart: Chart, pack: LivePack) -> ViewState:
    """Learn what was scanned, with its first pack; chart and pack change together, because rows must match."""
    window = chart.model.context_window
    return replace(
        state, phase=Phase.READY, chart=chart, pack=pack, settled=None, progress=None, trouble="", context_window=window
    )


def repacked(state: ViewState, pack: LivePack, generation: int) -> ViewState:
    """Show a pack, unless a newer request was answered already or rows have changed since."""
    stale = generation < state.generation and state.is_current
    if stale or state.chart is None or len(pack.levels) != state.chart.columns.chunks:
        return state
    return replace(state, pack=pack, settled=None, progress=None, trouble="")


def settled(state: ViewState, result: Settled, generation: int) -> ViewState:
    """Show the finished pack unless something else was asked for since."""
    if generation != state.generation:
        return state
    return replace(state, pack=result.pack, settled=result, progress=None, trouble="")


def failed(state: ViewState, message: str, *, ended: bool = True) -> ViewState:
    """Say what went wrong; what was known stays.

    Args:
        state: What the app knows.
        message: What went wrong, in words.
        ended: It was the reading of the repository; nothing runs now.
    """
    phase = Phase.FAILED if state.chart is None else Phase.READY
    return replace(state, trouble=message, phase=phase if ended else state.phase, progress=None)
