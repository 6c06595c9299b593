"""The survival curve of a cell: how many answers are longer than a length, and what budgets would cut off."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.reactive import reactive

from tui.calibration_facts import CellFacts
from tui.text import fit, number, percent, short_number
from tui.widgets.curve_layout import Axes, axes_for, length_ticks, share_ticks
from tui.widgets.painted import Painted, Row

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_GUTTER = 7
"""Columns of the share axis: the longest label and the axis itself."""
_TICK_COLUMNS = 8
NOW, PROPOSED, TARGET, QUANTILE, CUT, UNKNOWN = "┆", "┃", "┄", "◆", "+", "·"
"""Marks: the current budget, the proposed one, the target share, its length, calls cut off, beyond what was seen."""

_Grid = list[list[tuple[str, Style]]]


class CurvePlot(Painted):
    """A Kaplan-Meier step curve with marks at both budgets and the target."""

    PREFIX = "curve-plot"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"curve-plot--{part}" for part in ("area", "edge", "axis", "now", "proposed", "target", "unknown")
    }
    DEFAULT_CSS = """
    CurvePlot {
        & > .curve-plot--area { color: $primary 30%; }
        & > .curve-plot--edge { color: $primary; }
        & > .curve-plot--axis { color: $muted; }
        & > .curve-plot--now { color: $foreground; }
        & > .curve-plot--proposed { color: $accent; text-style: bold; }
        & > .curve-plot--target { color: $budget-over; }
        & > .curve-plot--unknown { color: $muted; }
        &:ansi > .curve-plot--area { color: $muted; }
    }
    """

    cell: reactive[CellFacts | None] = reactive(None)
    """What to draw."""
    target: reactive[float] = reactive(0.05)
    """Share of calls that may be cut off."""

    def watch_cell(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_target(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Labels of the marks, the curve, its axis and a legend; the legend goes first where rows are few."""
        cell = self.cell
        if cell is None or width < _GUTTER + 12 or height < 3:
            return []
        if not cell.curve:
            return self._unknown(cell, width, height)
        legend = height >= 8
        plot_rows = height - 2 - legend
        budgets = self._budgets(cell)
        lengths = [length for length, _ in cell.curve]
        axes = axes_for([*lengths, cell.longest_tokens], budgets, self.target, width - _GUTTER, plot_rows)
        rows = [self._labels(cell, axes), *self._area(cell, axes), self._axis(axes)]
        return [*rows, self._legend(cell, width)] if legend else rows

    @staticmethod
    def _budgets(cell: CellFacts) -> list[int]:
        return [cell.current_tokens, *([cell.budget_tokens] if cell.is_change else [])]

    def _unknown(self, cell: CellFacts, width: int, height: int) -> list[Row]:
        """Say that every call was cut off: a curve falls only where an answer ended."""
        words = "no answer ended by itself: how long they are, nobody knows"
        blank: Row = [("", self.ink())]
        return [*[blank] * ((height - 1) // 2), [(fit(words, width), self.ink("unknown"))]]

    # -- the curve ---------------------------------------------------------------------------------------------------

    def _area(self, cell: CellFacts, axes: Axes) -> list[Row]:
        edge, area = self.ink("edge"), self.ink("area")
        grid: _Grid = [[(" ", self.ink())] * axes.width for _ in range(axes.height)]
        end = axes.column_of(cell.longest_tokens)
        heights = [axes.eighths_of(cell.longer_than(axes.tokens_at(column + 0.5))) for column in range(axes.width)]
        for column, eighths in enumerate(heights):
            if column > end:
                self._beyond(grid, axes, column, eighths)
                continue
            whole, part = divmod(max(eighths, 1), 8)
            for row in range(whole):
                grid[axes.height - 1 - row][column] = ("█", area)
            top = axes.height - 1 - (whole if part else whole - 1)
            if 0 <= top < axes.height:
                grid[top][column] = (_EIGHTHS[part] if part else "█", edge)
        self._mark_target(grid, axes, cell)
        for tokens, sign, part_name in self._lines(cell):
            column = axes.column_of(tokens)
            for line in grid:
                line[column] = (sign, self._over(line[column], part_name))
        for length, _ in cell.cut_at:
            line, column = grid[axes.row_of(cell.longer_than(length))], axes.column_of(length)
            line[column] = (CUT, self._over(line[column], "edge"))
        if cell.at_target is not None:
            line = grid[axes.row_of(self.target)]
            column = axes.column_of(cell.at_target)
            line[column] = (QUANTILE, self._over(line[column], "target"))
        ticks = share_ticks(axes, self.target)
        return [self._tick(ticks.get(row)) + line for row, line in enumerate(grid)]

    def _lines(self, cell: CellFacts) -> list[tuple[int, str, str]]:
        """(tokens, sign, part) of the budgets."""
        lines = [(cell.current_tokens, NOW, "now")]
        return [*lines, (cell.budget_tokens, PROPOSED, "proposed")] if cell.is_change else lines

    def _beyond(self, grid: _Grid, axes: Axes, column: int, eighths: int) -> None:
        """Nothing was seen so far out: the share is at most what it was."""
        row = min(axes.height - 1, max(0, axes.height - 1 - (max(1, eighths) - 1) // 8))
        grid[row][column] = (UNKNOWN, self.ink("unknown"))

    def _mark_target(self, grid: _Grid, axes: Axes, cell: CellFacts) -> None:
        line = grid[axes.row_of(self.target)]
        for column, (sign, _) in enumerate(line):
            if sign in (" ", UNKNOWN):
                line[column] = (TARGET, self.ink("target"))

    def _over(self, under: tuple[str, Style], part: str) -> Style:
        """Style of a mark: on the area it is knocked out of the area's colour."""
        sign, style = under
        ink = self.ink(part)
        return ink + Style(bgcolor=style.color) if sign == "█" else ink

    # -- words around it ---------------------------------------------------------------------------------------------

    def _tick(self, share: float | None) -> Row:
        if share is None:
            return [(" " * (_GUTTER - 1) + "│", self.ink("axis"))]
        words = f"{100 * share:g} %"
        part = "target" if share == self.target else "axis"
        return [(fit(words, _GUTTER - 2, right=True), self.ink(part)), (" ┤", self.ink("axis"))]

    def _labels(self, cell: CellFacts, axes: Axes) -> Row:
        """Names of the budgets above their lines, drawn apart where they would touch."""
        made = [" "] * axes.width
        inks: list[Style] = [self.ink()] * axes.width
        taken: list[tuple[int, int]] = []
        for tokens, sign, part in reversed(self._lines(cell)):
            column = axes.column_of(tokens)
            words = f"{'proposed' if part == 'proposed' else 'now'} {number(tokens)}"
            spots = [(column, f"{sign} {words}"), (column - len(words) - 1, f"{words} {sign}")]
            # Beside the other name where there is no room at the line itself.
            spots += [(edge, f"{sign} {words}") for a, b in taken for edge in (a - len(words) - 4, b + 2)]
            for first, text in spots:
                end = first + len(text)
                if first >= 0 and end <= axes.width and all(end < a or first > b for a, b in taken):
                    taken.append((first, end))
                    made[first:end] = text
                    inks[first:end] = [self.ink(part)] * len(text)
                    break
        return [(" " * _GUTTER, self.ink()), *zip(made, inks, strict=True)]

    def _axis(self, axes: Axes) -> Row:
        """Round lengths below the curve, with their unit at the end."""
        line = [" "] * axes.width
        unit = "tokens"
        for tokens in length_ticks(axes, _TICK_COLUMNS):
            column, words = axes.column_of(tokens), short_number(tokens)
            if column + len(words) + 1 < axes.width - len(unit):
                line[column : column + len(words) + 1] = "╵" + words
        line[axes.width - len(unit) :] = unit
        return [(" " * (_GUTTER - 1) + "└", self.ink("axis")), ("".join(line), self.ink("axis"))]

    def _legend(self, cell: CellFacts, width: int) -> Row:
        """What the marks mean; those that are there."""
        target = percent(self.target)
        longer = (
            f"{target} are longer than {number(cell.at_target)}" if cell.at_target is not None
            else f"which length {target} exceed cannot be told"
        )  # fmt: skip
        parts: list[tuple[str, str, str]] = [(QUANTILE if cell.at_target is not None else TARGET, longer, "target")]
        if cell.cut_at:
            parts.append((CUT, "cut off there", "edge"))
        parts.append((UNKNOWN, "nothing seen", "unknown"))
        row: Row = [(" " * _GUTTER, self.ink())]
        room = width - _GUTTER
        for sign, words, part in parts:
            if len(words) + 4 > room:
                break
            room -= len(words) + 4
            row += [(sign, self.ink(part)), (f" {words}  ", self.ink("axis"))]
        return row
