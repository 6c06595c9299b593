"""What all plots are: a pane with a title, a live number, axes with units, and words where there is nothing to plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.reactive import reactive

from tui.telemetry.figures import Figures
from tui.text import content
from tui.widgets.names import wrapped
from tui.widgets.painted import Painted, Row
from tui.widgets.plots.canvas import Canvas, legend

LEAST = (16, 4)
"""Cells below which nothing is plotted."""


class Plot(Painted):
    """A pane with a plot; subclasses say what is in it."""

    PREFIX = "plot"
    TITLE: ClassVar[str] = ""
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"plot--{part}" for part in ("axis", "label", "first", "second", "third", "wrong", "texture", "words")
    }
    DEFAULT_CSS = """
    Plot {
        height: 1fr; width: 1fr;
        & > .plot--axis { color: $muted; }
        & > .plot--label { color: $muted; }
        & > .plot--first { color: $primary; }
        & > .plot--second { color: $accent; }
        & > .plot--third { color: $success; }
        & > .plot--wrong { color: $budget-over; text-style: bold; }
        & > .plot--texture { color: $panel; }
        & > .plot--words { color: $foreground; }
    }
    """

    figures: reactive[Figures | None] = reactive(None)
    """What is known; None while it is read."""

    waiting: reactive[str] = reactive("reading…")
    """Why nothing is known yet."""

    def watch_waiting(self) -> None:
        """Draw anew."""
        self.repaint()

    def on_mount(self) -> None:
        """Say what it is."""
        self.border_title = self.TITLE
        self.add_class("pane")

    def watch_figures(self, figures: Figures | None) -> None:
        """Draw anew."""
        self.border_subtitle = content(self.number_in_words(figures)) if figures is not None else ""
        self.repaint()

    def number_in_words(self, figures: Figures) -> str:
        """The number beside the title."""
        raise NotImplementedError

    def nothing(self, figures: Figures) -> str:
        """Why there is nothing to plot; empty when there is something."""
        raise NotImplementedError

    def draw(self, canvas: Canvas, figures: Figures) -> None:
        """Plot."""
        raise NotImplementedError

    def rows(self, width: int, height: int) -> list[Row]:
        """The plot, or why there is none."""
        figures = self.figures
        words = self.waiting if figures is None else self.nothing(figures)
        if words or figures is None:
            return self._words(words, width, height)
        if width < LEAST[0] or height < LEAST[1]:
            return self._words("no room", width, height)
        canvas = Canvas(width, height)
        self.draw(canvas, figures)
        return canvas.rows(self.ink)

    def _words(self, words: str, width: int, height: int) -> list[Row]:
        lines = wrapped(words, max(1, width - 6), height)
        canvas = Canvas(width, height)
        top = max(0, (height - len(lines)) // 2)
        for y in range(height):
            canvas.text(0, y, "╱" * width, "texture")
        for at, line in enumerate(lines):
            x = max(0, (width - len(line)) // 2 - 1)
            canvas.text(x, top + at, f" {line} ", "words")
        return canvas.rows(self.ink)

    @staticmethod
    def write_legend(canvas: Canvas, pieces: Sequence[tuple[str, str]], y: int = 0, x: int = 0) -> None:
        """Write a legend."""
        for words, part in legend(pieces, canvas.width - x):
            canvas.text(x, y, words, part)
            x += len(words)

    @staticmethod
    def axes(canvas: Canvas, ticks: Sequence[tuple[int, str]], top: int, bottom: int) -> int:
        """Draw the left axis with labels, and the bottom axis.

        Args:
            canvas: Where.
            ticks: (row, label) of the left axis; of two that meet, the first stays.
            top: First row of the plot.
            bottom: Row of the bottom axis.

        Returns:
            First column of the plot.
        """
        gutter = max((len(label) for _, label in ticks), default=0)
        for y in range(top, bottom):
            canvas.put(gutter, y, "│", "axis")
        taken: set[int] = set()
        for row, label in ticks:
            if row not in taken:
                taken.add(row)
                canvas.text(0, row, label.rjust(gutter), "label")
                canvas.put(gutter, row, "┤", "axis")
        canvas.text(gutter, bottom, "└" + "─" * (canvas.width - gutter - 1), "axis")
        return gutter + 1
