"""Everything about the chosen cell in words: what is proposed, why or why not, and what it rests on."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from textual.reactive import reactive

from engine.visible import visible_name
from tui.calibration_facts import CellFacts
from tui.text import fit, number, percent
from tui.widgets.cell_rows import SIGNS, change, interval, share, times, will_cut
from tui.widgets.painted import Painted, Row

_LABEL_CELLS = 10
_MOST_WHY = 4
_LONGER = (0.5, 0.1, 0.05)
"""Share of answers longer than each quantile; where the curve stays above it, nobody knows the quantile."""
_WORDS = {
    "lower": "less would do",
    "raise": "more is needed",
    "escalate": "too much was cut off to know; twice what was tried",
    "keep": "as it is",
    "wait": "no proposal yet",
    "refused": "refused; x takes that back",
}
"""What the states mean."""


class CellPanel(Painted):
    """Label and value, a line each; what matters most comes first."""

    PREFIX = "cell-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"cell-panel--label", "cell-panel--state", "cell-panel--warn"}
    DEFAULT_CSS = """
    CellPanel {
        & > .cell-panel--label { color: $muted; }
        & > .cell-panel--state { color: $accent; text-style: bold; }
        & > .cell-panel--warn { color: $budget-near; }
    }
    """

    cell: reactive[CellFacts | None] = reactive(None)
    """What to tell of."""
    state: reactive[str] = reactive("")
    """``refused``, or the action of the cell."""

    def watch_cell(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_state(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The lines that there is room for."""
        cell = self.cell
        if cell is None or width < _LABEL_CELLS + 8:
            return []
        room = width - _LABEL_CELLS
        made = [self._line("state", self._proposal(cell), room, "state")]
        for index, words in enumerate(wrap(visible_name(cell.why), room, max_lines=_MOST_WHY, placeholder=" …")):
            made.append(self._line("why" if not index else "", words, room))
        for words in self._cautions(cell):
            for index, line in enumerate(wrap(visible_name(words), room, max_lines=2, placeholder=" …")):
                made.append(self._line("note" if not index else "", line, room, "warn"))
        for label, words in self._facts(cell):
            for index, line in enumerate(wrap(words, room, max_lines=2, placeholder=" …")):
                made.append(self._line(label if not index else "", line, room))
        return made[:height]

    def _proposal(self, cell: CellFacts) -> str:
        sign, words = SIGNS.get(self.state, " "), _WORDS.get(self.state, "")
        if not cell.is_change:
            return f"{sign} {self.state}: {words}"
        moved = f"{number(cell.current_tokens)} → {number(cell.budget_tokens)} ({change(cell)})"
        return f"{sign} {self.state} {moved}" if self.state != "refused" else f"{sign} {words}"

    @staticmethod
    def _cautions(cell: CellFacts) -> list[str]:
        notes = []
        if cell.has_drifted:
            notes.append("drift: answers got longer lately")
        if cell.is_provisional:
            notes.append("provisional: few calls")
        return notes

    @staticmethod
    def _facts(cell: CellFacts) -> list[tuple[str, str]]:
        least = cell.curve[-1][1] if cell.curve else 1.0
        p50, p90, p95 = (
            number(tokens) if least <= longer else "?" for tokens, longer in zip(cell.quantiles, _LONGER, strict=True)
        )
        will = f"{will_cut(cell)}, 95 %: {interval(cell.truncation_interval)}"
        basis = "its own calls"
        if cell.parent:
            basis += f", {percent(cell.parent_share)} weight of {cell.parent}"
        then = f" → {times(cell.reserved)}" if cell.is_change else ""
        return [
            ("calls", f"{number(cell.samples)}, {number(cell.cut)} cut off"),
            ("cut off", f"{share(cell.cut_share)}, 95 %: {interval(cell.cut_interval)}"),
            ("will cut", will if cell.is_change else f"{share(cell.current_truncation)} by the curve"),
            ("reserved", f"{times(cell.current_reserved)}{then} what is used"),
            ("p50 90 95", f"{p50} · {p90} · {p95} tokens"),
            ("rests on", visible_name(basis)),
        ]

    def _line(self, label: str, words: str, room: int, part: str = "") -> Row:
        ink = self.ink(part) if part else self.ink()
        return [(fit(label, _LABEL_CELLS), self.ink("label")), (fit(words, room).rstrip(), ink)]
