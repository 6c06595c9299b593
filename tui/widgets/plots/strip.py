"""The plots side by side, as many as there is room for."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.telemetry.figures import Figures
from tui.widgets.plots.cut_off import CutOff
from tui.widgets.plots.over_time import OverTime
from tui.widgets.plots.per_day import PerDay
from tui.widgets.plots.plot import Plot
from tui.widgets.plots.waste_steps import WasteSteps

PLOTS: tuple[type[Plot], ...] = (OverTime, WasteSteps, CutOff, PerDay)


class PlotStrip(Horizontal):
    """Shows some of the plots, or with ``is_large`` in a grid as many as a whole screen has room for."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.is_large = False
        """Whether it has the screen for itself."""
        self._first = 0

    def compose(self) -> ComposeResult:
        """All plots."""
        for plot in PLOTS:
            yield plot()

    def take(self, figures: Figures) -> None:
        """Plot other figures."""
        for plot in self.query(Plot):
            plot.figures = figures

    def fail(self) -> None:
        """Say that nothing can be read where nothing is known."""
        for plot in self.query(Plot):
            plot.waiting = "calls cannot be read"

    def step(self) -> None:
        """Show the next plots."""
        self._first = (self._first + self._in_sight) % len(PLOTS)
        self.lay_out()

    def lay_out(self) -> None:
        """Show as many plots as there is room for."""
        shown = {(self._first + at) % len(PLOTS) for at in range(self._in_sight)}
        for at, plot in enumerate(self.query(Plot)):
            plot.display = at in shown
        self.set_class(self.is_large and self._in_sight > 1, "-grid")

    @property
    def _in_sight(self) -> int:
        width, height = self.app.size
        if self.is_large:
            return 4 if width >= 110 and height >= 30 else 2 if height >= 22 else 1
        return 4 if width >= 170 else 2 if width >= 110 else 1
