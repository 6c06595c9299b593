"""What the estimator says of a task, in aligned words."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from tui.answer import Answer, NoAnswer
from tui.text import fit, number
from tui.widgets.names import shown_name, wrapped
from tui.widgets.painted import Painted, Row

_LABEL_CELLS = 16


class AnswerPanel(Painted):
    """Both budgets, the quantiles of the answer's length, and what they rest on; or why there are none."""

    PREFIX = "answer-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"answer-panel--{part}" for part in ("label", "value", "muted", "wrong")}
    DEFAULT_CSS = """
    AnswerPanel {
        & > .answer-panel--label { color: $muted; }
        & > .answer-panel--value { color: $budget-ok; text-style: bold; }
        & > .answer-panel--muted { color: $muted; }
        & > .answer-panel--wrong { color: $budget-over; }
    }
    """

    answer: reactive[Answer | NoAnswer | None] = reactive(None)
    """What to tell."""

    def watch_answer(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """A line each."""
        found = self.answer
        if found is None:
            return []
        if isinstance(found, NoAnswer):
            return [[(line, self.ink("wrong"))] for line in wrapped(found.why, width, height)]
        p50, p90, p95 = map(number, found.quantiles)
        rests = f"{number(found.samples)} recorded calls" if found.samples else "the shipped tables"
        task = shown_name(f"{found.category}/{found.complexity} with {found.model}", max(8, width - _LABEL_CELLS))
        lines = (
            ("task", task, ""),
            ("wanted", number(found.wanted_tokens), "selected_budget: what the answer should have"),
            ("sent", number(found.ceiling_tokens), "actual_max_tokens: the ceiling the window must hold"),
            ("length", f"half within {p50} · 9 of 10 {p90} · 19 of 20 {p95}", ""),
            ("rests on", f"{rests} ({shown_name(found.version, 20)}) · confidence {found.confidence:.2f}", ""),
        )
        made: list[Row] = []
        for label, words, about in lines[:height]:
            row: Row = [(fit(label, _LABEL_CELLS), self.ink("label"))]
            if about:
                row += [(fit(words, 9, right=True), self.ink("value")), ("  " + about, self.ink("muted"))]
            else:
                row.append((words, self.ink()))
            made.append(_cut(row, width))
        return made


def _cut(row: Row, width: int) -> Row:
    made: Row = []
    for text, style in row:
        cells = min(len(text), width)
        made.append((fit(text, cells) if cells < len(text) else text, style))
        width -= cells
    return made
