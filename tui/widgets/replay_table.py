"""A backtest: what each way of choosing budgets would have done to the recorded calls, side by side."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from engine.events import Progress
from tui.calibration_facts import PolicyScore, Replay
from tui.text import fit, number, percent
from tui.widgets.cell_rows import interval, share, times
from tui.widgets.names import shown_name, wrapped
from tui.widgets.painted import Painted, Row

_NAME_CELLS, _WIDE_NAME_CELLS = 22, 34
_STRIP_FROM = 100
"""Width from which intervals are drawn, not only written."""
_OURS = "packsight"
_HINT = "ctrl+c stops"


class ReplayTable(Painted):
    """Policies with their truncation, its interval, worst cell, reserve and losses; progress while it is made."""

    PREFIX = "replay-table"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"replay-table--{part}" for part in ("head", "ours", "muted", "over", "target", "bar", "rest")
    }
    DEFAULT_CSS = """
    ReplayTable {
        & > .replay-table--head { color: $foreground; text-style: bold; }
        & > .replay-table--ours { color: $primary; text-style: bold; }
        & > .replay-table--muted { color: $muted; }
        & > .replay-table--over { color: $budget-over; }
        & > .replay-table--target { color: $accent; }
        & > .replay-table--bar { color: $primary; }
        & > .replay-table--rest { color: $panel; }
    }
    """

    replay: reactive[Replay | None] = reactive(None)
    """What came out."""
    progress: reactive[Progress | None] = reactive(None)
    """How far a running one is."""
    cell: reactive[str] = reactive("")
    """Cell that is told of besides the whole."""
    words: reactive[str] = reactive("")
    """What is said while there is nothing."""

    def watch_replay(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_progress(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_cell(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_words(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Progress, or the table."""
        if self.progress is not None:
            return self._progress_row(self.progress, width)
        if self.replay is None:
            return [[(line, self.ink())] for line in wrapped(self.words, width, height)]
        found, strip = self.replay, self._strip_cells(width)
        top = _top([*found.scores, *found.by_cell.get(self.cell, ())], found.target)
        made = [self._head(f"all {number(found.calls)} calls", width, strip, "worst")]
        made += [self._row(one, found, width, strip, top) for one in found.scores]
        below = found.by_cell.get(self.cell, ())
        if below and len(made) + 2 + len(below) < height:
            made += [
                [("", self.ink())],
                self._head(shown_name(self.cell, _name_cells(width) - 1), width, strip, "late"),
            ]
            made += [self._row(one, found, width, strip, top) for one in below]
        notes = self._notes(found, width, strip)
        return [*made, [("", self.ink())], *notes][:height] if len(made) + 1 + len(notes) <= height else made

    def _progress_row(self, progress: Progress, width: int) -> list[Row]:
        done = progress.done / progress.total if progress.total else 0.0
        words = f"replaying: {number(progress.done)} of {number(progress.total)} calls · {percent(done)} · {_HINT}"
        cells = max(0, min(40, width - len(words) - 2))
        whole = round(done * cells)
        bar = [("━" * whole, self.ink("bar")), ("━" * (cells - whole), self.ink("rest")), ("  ", self.ink())]
        return [[*(bar if cells > 8 else []), (fit(words, width).rstrip(), self.ink())]]

    # -- the table ---------------------------------------------------------------------------------------------------

    @staticmethod
    def _strip_cells(width: int) -> int:
        return min(60, width - 66 - _name_cells(width)) if width >= _STRIP_FROM else 0

    def _head(self, name: str, width: int, strip: int, worst: str) -> Row:
        line = fit(name, _name_cells(width)) + fit("cut off", 9, right=True)
        if width >= 62:
            line += fit("95 %", 15, right=True)
        if strip:
            line += "  " + fit("", strip)
        line += fit(worst, 9, right=True) + fit("reserved", 10, right=True)
        if width >= 84:
            line += fit("pinball", 10, right=True) + fit("SMAPE", 8, right=True)
        return [(fit(line, width), self.ink("head"))]

    def _row(self, one: PolicyScore, found: Replay, width: int, strip: int, top: float) -> Row:
        ink = self.ink("ours") if one.name == _OURS else self.ink()
        over = one.truncation is not None and one.truncation > found.target
        row: Row = [
            (fit(_name(one.name, found), _name_cells(width)), ink),
            (fit(_share(one.truncation) + ("!" if over else " "), 9, right=True), self.ink("over") if over else ink),
        ]
        if width >= 62:
            row.append((fit(interval(one.interval), 15, right=True), self.ink("muted")))
        if strip:
            row += [("  ", self.ink()), *self._strip(one, found.target, strip, top)]
        row.append((fit(_share(one.worst), 9, right=True), ink))
        row.append((fit(times(one.reserved), 10, right=True), ink))
        if width >= 84:
            row.append((fit(f"{one.pinball:,.1f}", 10, right=True), self.ink("muted")))
            row.append((fit(f"{one.smape:.2f}", 8, right=True), self.ink("muted")))
        return row

    def _strip(self, one: PolicyScore, target: float, cells: int, top: float) -> Row:
        """The interval to scale, with the target across all rows."""
        line = [" "] * cells

        def at(value: float) -> int:
            return min(cells - 1, round(value / top * (cells - 1)))

        if one.truncation is not None:
            low, high = map(at, one.interval)
            line[low : high + 1] = "─" * (high - low + 1)
            line[low], line[high] = "├", "┤"
            line[at(one.truncation)] = "●"
        made: Row = [(sign, self.ink("ours" if one.name == _OURS else "muted")) for sign in line]
        if line[at(target)] != "●":
            made[at(target)] = ("┊", self.ink("target"))
        return made

    def _notes(self, found: Replay, width: int, strip: int) -> list[Row]:
        target = f"! above the target of {percent(found.target)}" + (", drawn as ┊" if strip else "")
        lines = [
            f"{target} · worst: the worst cell over the last half · reserved: per token used",
            f"each policy sees only what its own budgets let through; the first budget is {number(found.initial)}",
        ]
        unscored = max((one.unscored for one in found.scores), default=0)
        if unscored:
            lines.append(f"up to {number(unscored)} calls were cut off below the budget chosen: nobody knows their end")
        return [[(folded, self.ink("muted"))] for line in lines for folded in wrapped(line, width, 2)]


def _name_cells(width: int) -> int:
    return _WIDE_NAME_CELLS if width >= 112 else _NAME_CELLS


def _name(name: str, found: Replay) -> str:
    known = {
        "fixed": f"fixed {number(found.initial)}",
        "mean_x2": "mean × 2",
        "naive_q95": "q95, cuts as lengths",
        "current": f"current ({found.version})",
    }
    return shown_name(known.get(name, name), _NAME_CELLS - 1)


def _share(value: float | None) -> str:
    return "–" if value is None else share(value)


def _top(scores: list[PolicyScore], target: float) -> float:
    """Share at the right end of the strips."""
    return max(2 * target, *(one.interval[1] for one in scores)) if scores else 2 * target
