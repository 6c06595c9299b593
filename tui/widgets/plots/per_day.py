"""Tokens and cost by day."""

from __future__ import annotations

from tui.telemetry.figures import Figures
from tui.telemetry.words import money
from tui.text import number, short_number
from tui.widgets.plots.by_period import bottom_axis, write_days
from tui.widgets.plots.canvas import Canvas, bar_cells
from tui.widgets.plots.plot import Plot

_LANES = (("prompt_tokens", "input", "first"), ("output_tokens", "output", "third"), ("cost_usd", "USD", "second"))
_LEAST_ROWS = 2
"""Rows of a lane with its name."""


class PerDay(Plot):
    """A lane of bars each for input, output and cost; each has a scale of its own."""

    TITLE = "Tokens and cost"

    def number_in_words(self, figures: Figures) -> str:
        """The cost of all, where any is known."""
        total = figures.total
        if total["cost_usd"] is None:
            return f"{short_number(total['prompt_tokens'])} in · {short_number(total['output_tokens'])} out"
        return f"{money(total['cost_usd'])} USD for {number(total['priced'])} priced"

    def nothing(self, figures: Figures) -> str:
        """No call has tokens."""
        has_any = figures.total["prompt_tokens"] or figures.total["output_tokens"]
        return "" if figures.periods and has_any else "no call with tokens"

    def draw(self, canvas: Canvas, figures: Figures) -> None:
        """The lanes that have anything, as many as there is room for."""
        room = canvas.height - 2
        lanes = [lane for lane in _LANES if any(one[lane[0]] for one in figures.periods)][: max(1, room // _LEAST_ROWS)]
        each, spare = divmod(room, len(lanes))
        most = [max(one[key] or 0 for one in figures.periods) for key, _, _ in lanes]
        scales = [
            money(value) if key == "cost_usd" else short_number(round(value))
            for (key, _, _), value in zip(lanes, most, strict=True)
        ]
        gutter = max(map(len, scales))
        left = gutter + 1
        places = bottom_axis(figures, left, canvas.width)
        bottom = canvas.height - 2
        ticks: list[tuple[int, str]] = []
        y = 0
        for (key, word, part), value, top in zip(lanes, most, scales, strict=True):
            rows = each + (1 if spare > 0 else 0)
            spare -= 1
            ticks.append((y + 1 if rows > 1 else y, top))
            unit = "USD" if key == "cost_usd" else f"{word} tokens"
            for x, one in places.columns:
                for up, character in enumerate(bar_cells(one[key] or 0, value, max(1, rows - 1))):
                    if character != " ":
                        canvas.text(x, y + rows - 1 - up, character * max(1, places.each - (places.each > 1)), part)
            canvas.text(left, y, f"{unit} by {figures.period.value}", "label")
            y += rows
        self.axes(canvas, [(row, label.rjust(gutter)) for row, label in ticks], 0, bottom)
        write_days(canvas, left, places)
