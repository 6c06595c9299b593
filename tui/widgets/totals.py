"""The repository in a line: what it is and holds; while it is read, how far that is and how fast it goes."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from engine.events import Progress
from engine.live import Chart
from tui.state import Found, Phase, ViewState
from tui.text import bar, number, percent
from tui.widgets.names import shown_name
from tui.widgets.painted import Painted, Row
from tui.widgets.report_line import Fact, fitting

_NAME_CELLS = 32
_BAR_CELLS = 16
_SEPARATOR = "  "
_DOING = {
    "list": "listing", "analyze": "reading", "count": "counting", "store": "keeping", "pack": "packing",
    "index": "indexing",
}  # fmt: skip


class Totals(Painted):
    """Name, revision, files, chunks, tokens, skipped; or progress."""

    PREFIX = "totals"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"totals--{part}" for part in ("name", "value", "muted", "bar")}
    DEFAULT_CSS = """
    Totals {
        height: 1;
        padding: 0 2;
        & > .totals--name { color: $primary; text-style: bold; }
        & > .totals--value { color: $foreground; }
        & > .totals--muted { color: $muted; }
        & > .totals--bar { color: $primary; }
    }
    """

    state: reactive[ViewState | None] = reactive(None)
    """Everything that is known."""

    def watch_state(self, before: ViewState | None, state: ViewState | None) -> None:
        """Draw anew when something that is shown changed."""
        if _shown(before) != _shown(state):
            self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The facts that fit."""
        state = self.state
        if state is None:
            return []
        if state.phase is Phase.SCANNING:
            facts = _scan_facts(state, width)
        else:
            facts = _chart_facts(state.chart) if state.chart else [_name(state)]
        row: Row = []
        for fact in fitting(facts, width, len(_SEPARATOR)):
            row += [(fact.text, self.ink(fact.part)), (_SEPARATOR, self.ink())]
        return [row]


def _name(state: ViewState) -> Fact:
    name = state.chart.name if state.chart else state.request.scan.path.name
    return Fact(shown_name(name or "/", _NAME_CELLS), "name", 0, 0)


def _chart_facts(chart: Chart) -> list[Fact]:
    columns = chart.columns
    facts = [Fact(shown_name(chart.name or "/", _NAME_CELLS), "name", 0, 0)]
    if chart.revision:
        facts.append(Fact(shown_name(chart.revision[:8], 8), "muted", 5, 0))
    facts += [
        Fact(f"{number(len(columns.files))} files", "value", 2, 0),
        Fact(f"{number(columns.chunks)} chunks", "value", 3, 0),
        Fact(f"{number(int(columns.tokens[:, 0].sum()))} tokens in full", "value", 1, 0),
    ]
    if chart.skipped:
        facts.append(Fact(f"{number(len(chart.skipped))} skipped", "muted", 4, 0))
    return facts


def _scan_facts(state: ViewState, width: int) -> list[Fact]:
    facts = [_name(state)]
    progress = state.progress
    if progress is None:
        return [*facts, Fact("opening…", "value", 1, 0)]
    if progress.total:
        share = progress.done / progress.total
        if width >= 80:
            facts.append(Fact(bar(share, _BAR_CELLS), "bar", 6, 0))
        facts.append(Fact(percent(share), "value", 1, 0))
    facts.append(Fact(progress_words(progress), "value", 2, 0))
    facts += [Fact(words, "muted", rank, 0) for rank, words in pace_words(progress, state.elapsed_s)]
    if state.found.tokens:
        facts.append(Fact(_found_words(state.found), "muted", 5, 0))
    return facts


def progress_words(progress: Progress) -> str:
    """What is being done: ``reading 1,203 of 4,000 files``."""
    doing = _DOING.get(progress.phase) or shown_name(progress.phase, 12)
    if progress.total:
        return f"{doing} {number(progress.done)} of {number(progress.total)} files"
    return f"{doing} {number(progress.done)} files" if progress.done else f"{doing}…"


def pace_words(progress: Progress, elapsed_s: float) -> list[tuple[int, str]]:
    """(rank, words) of the rate and the time left, once there is something to tell from."""
    if elapsed_s < 0.2 or not progress.done:
        return []
    made = []
    if progress.done_bytes:
        made.append((4, f"{progress.done_bytes / elapsed_s / 1e6:,.1f} MB/s"))
    else:
        made.append((4, f"{progress.done / elapsed_s:,.0f} files/s"))
    if progress.total > progress.done:
        left_s = elapsed_s * (progress.total - progress.done) / progress.done
        made.append((3, f"{time_words(left_s)} left"))
    return made


def time_words(seconds: float) -> str:
    """Write a time as short as it is sure: ``<1 s``, ``12 s``, ``3 min``."""
    if seconds < 1:
        return "<1 s"
    return f"{seconds:.0f} s" if seconds < 99.5 else f"{seconds / 60:,.0f} min"


def _found_words(found: Found) -> str:
    return f"{number(found.tokens)} tokens so far"


def _shown(state: ViewState | None) -> object:
    if state is None:
        return None
    return state.phase, state.progress, id(state.chart), id(state.found), state.elapsed_s
