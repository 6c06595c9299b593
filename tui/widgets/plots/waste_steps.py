"""How ceiling waste is distributed."""

from __future__ import annotations

from tui.telemetry.figures import Figures
from tui.telemetry.words import MEANING, ratio, share
from tui.text import short_number
from tui.widgets.plots.canvas import Canvas, bar_cells, round_up
from tui.widgets.plots.plot import Plot


class WasteSteps(Plot):
    """Bars of calls by how many times the output was reserved."""

    TITLE = "Ceiling waste (ceiling / output)"

    def number_in_words(self, figures: Figures) -> str:
        """Median and p90, and how far they rest on measured ceilings."""
        waste, total = figures.total["ceiling_waste"], figures.total
        if waste["p50"] is None:
            return ""
        warned = f" · ! {share(total['coverage'], 0)} measured" if total["coverage_warning"] else ""
        return f"median {ratio(waste['p50'])} · p90 {ratio(waste['p90'])}{warned}"

    def nothing(self, figures: Figures) -> str:
        """No call has both numbers."""
        return "" if figures.total["ceiling_waste"]["p50"] is not None else "no call has a ceiling and an output"

    def draw(self, canvas: Canvas, figures: Figures) -> None:
        """A bar for each step, its lower edge below it."""
        steps = [step for step in figures.total["ceiling_waste_steps"] if step["from"] >= 1 or step["calls"]]
        top, bottom = 1, canvas.height - 2
        most = round_up(max(step["calls"] for step in steps))
        ticks = [(top, short_number(round(most)))]
        if bottom - top >= 5:
            ticks.append((top + (bottom - top) // 2, short_number(round(most / 2))))
        left = self.axes(canvas, ticks, top, bottom)
        said = (f"calls · {MEANING}", MEANING, "reserved, not billed")
        canvas.text(0, 0, next((words for words in said if len(words) <= canvas.width), ""), "label")
        each = max(1, (canvas.width - left) // len(steps))
        edge_end = 0
        for at, step in enumerate(steps):
            x = left + at * each
            for up, character in enumerate(bar_cells(step["calls"], most, bottom - top)):
                canvas.text(x, bottom - 1 - up, character * max(1, each - 1), "first")
            label = f"{step['from']:g}" + ("×" if at == len(steps) - 1 else "")
            if x >= edge_end and x + len(label) <= canvas.width:
                canvas.text(x, canvas.height - 1, label, "label")
                edge_end = x + len(label) + 1
