"""How far a running scan is: a bar, numbers, rate, time left, and the key that stops it."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from tui.state import Phase, ViewState
from tui.text import fit, number, percent
from tui.widgets.painted import Painted, Row

WORDS = {
    "list": "listing files",
    "analyze": "reading files",
    "count": "counting files",
    "store": "keeping what was read",
    "pack": "packing",
    "index": "reading words",
}
"""What phases are called here; a phase without a word is called by its name."""
_BAR_CELLS = 24
_STEADY_S = 0.5
"""Time before a rate says anything."""


class ProgressLine(Painted):
    """One line, there only while something is being read, or while something else takes long."""

    PREFIX = "progress-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"progress-line--bar", "progress-line--rest", "progress-line--hint"}
    DEFAULT_CSS = """
    ProgressLine {
        height: 1; padding: 0 2; display: none; color: $foreground;
        &.-open { display: block; }
        & > .progress-line--bar { color: $primary; }
        & > .progress-line--rest { color: $panel; }
        & > .progress-line--hint { color: $muted; }
    }
    """

    state: reactive[ViewState | None] = reactive(None)
    """Everything that is known."""

    def watch_state(self, state: ViewState | None) -> None:
        """Come, go, or draw anew."""
        self.set_class(state is not None and (state.phase is Phase.SCANNING or state.is_lasting), "-open")
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Bar, words, hint; the bar goes first where there is no room."""
        state = self.state
        if state is None or width <= 0:
            return []
        words, share = progress_words(state)
        hint = "ctrl+c stops"
        row: Row = []
        if share is not None and width > len(words) + len(hint) + _BAR_CELLS + 6:
            done = round(share * _BAR_CELLS)
            row += [("━" * done, self.ink("bar")), ("━" * (_BAR_CELLS - done) + "  ", self.ink("rest"))]
        room = width - sum(len(text) for text, _ in row)
        row.append((fit(words, min(room, len(words))), self.ink()))
        if room > len(words) + len(hint) + 3:
            row.append((f" · {hint}", self.ink("hint")))
        return [row]


def progress_words(state: ViewState) -> tuple[str, float | None]:
    """What a running call is at, in words, and the share that is done where it is known."""
    progress = state.progress
    if progress is None:
        return "opening", None
    word = WORDS.get(progress.phase, progress.phase)
    if not progress.total:
        return word, None
    share = progress.done / progress.total
    said = [f"{word}: {number(progress.done)} of {number(progress.total)}", percent(share)]
    if state.elapsed_s > _STEADY_S and progress.done:
        rate = progress.done / state.elapsed_s
        said.append(f"{number(round(rate))}/s")
        said.append(_time_left((progress.total - progress.done) / rate))
    return " · ".join(said), share


def _time_left(left_s: float) -> str:
    if left_s < 90:
        return f"{max(1, round(left_s))} s left"
    return f"{round(left_s / 60)} min left"
