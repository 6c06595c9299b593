"""How many calls were cut off, with the interval of each figure."""

from __future__ import annotations

from tui.telemetry.figures import Figures
from tui.telemetry.words import band, share
from tui.text import number
from tui.widgets.plots.by_period import bottom_axis, write_days
from tui.widgets.plots.canvas import Canvas, Scale, round_up
from tui.widgets.plots.plot import Plot

RATE, INTERVAL = "●", "│"


class CutOff(Plot):
    """A point for each day, week or month, within its Wilson interval."""

    TITLE = "Cut off (%)"

    def number_in_words(self, figures: Figures) -> str:
        """The rate over all."""
        total = figures.total
        if total["truncation"] is None:
            return ""
        return f"{share(total['truncation'])} ({band(*total['truncation_interval'])}) of {number(total['judged'])}"

    def nothing(self, figures: Figures) -> str:
        """No call has a limit and a known ending."""
        return "" if figures.total["judged"] else "no call has a limit and an ending that is known"

    def draw(self, canvas: Canvas, figures: Figures) -> None:
        """Intervals, and points on them."""
        judged = [one for one in figures.periods if one["judged"]]
        highest = max(one["truncation_interval"][1] for one in judged)
        top, bottom = 1, canvas.height - 2
        scale = Scale(0.0, min(1.0, round_up(highest)), bottom - top)
        ticks = [(top + scale.row(part * scale.high), f"{100 * part * scale.high:g}") for part in (1, 0, 0.5)]
        left = self.axes(canvas, ticks, top, bottom)
        rate = f"{RATE} rate by {figures.period.value}"
        self.write_legend(canvas, ((rate, "wrong"), (f"{INTERVAL} 95 % interval", "label")))
        places = bottom_axis(figures, left, canvas.width)
        for x, one in places.columns:
            if not one["judged"]:
                continue
            middle = x + (places.each - 1) // 2
            low, high = one["truncation_interval"]
            for y in range(scale.row(high), scale.row(low) + 1):
                canvas.put(middle, top + y, INTERVAL, "label")
            canvas.put(middle, top + scale.row(one["truncation"]), RATE, "wrong")
        write_days(canvas, left, places)
