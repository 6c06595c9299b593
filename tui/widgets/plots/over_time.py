"""Selected, ceiling and output of calls over time."""

from __future__ import annotations

import datetime

from engine.telemetry.event import Event
from tui.telemetry.figures import Figures
from tui.text import number, short_number
from tui.widgets.plots.canvas import Canvas, Scale, log_ticks
from tui.widgets.plots.plot import Plot

OUTPUT, CUT, SELECTED, CEILING, BOTH = "•", "×", "◆", "▲", "◈"
_LEGEND = (
    (f"{OUTPUT} output", "first"), (f"{CUT} cut off", "wrong"), (f"{SELECTED} selected", "second"),
    (f"{CEILING} ceiling", "third"), (f"{BOTH} both", "third"),
)  # fmt: skip


class OverTime(Plot):
    """Points of calls that stand evenly over the time, on a logarithmic scale."""

    TITLE = "Over time (tokens, log)"

    def number_in_words(self, figures: Figures) -> str:
        """How many calls are drawn, of how many."""
        shown, calls = len(_drawn(figures)), figures.total["n"]
        return f"{number(shown)} of {number(calls)} calls" if calls else ""

    def nothing(self, figures: Figures) -> str:
        """No call has a number."""
        return "" if _drawn(figures) else "no call with tokens to plot"

    def draw(self, canvas: Canvas, figures: Figures) -> None:
        """Output first, limits over it, cut-off calls over these."""
        calls = _drawn(figures)
        values = [value for call in calls for value in _values(call) if value]
        low, high = min(values, default=1), max(values, default=1)
        top, bottom = 1, canvas.height - 2
        scale = Scale(low, max(high, low * 2), bottom - top, is_log=True)
        ticks = [(top + scale.row(tick), short_number(int(tick))) for tick in log_ticks(low, high, (bottom - top) // 2)]
        left = self.axes(canvas, ticks, top, bottom)
        self.write_legend(canvas, _LEGEND)
        first, last = calls[-1].timestamp, calls[0].timestamp
        room = canvas.width - left - 1
        span = (last - first) / datetime.timedelta(seconds=1) or 1.0

        def column(call: Event) -> int:
            return left + round((call.timestamp - first) / datetime.timedelta(seconds=1) / span * room)

        for call in calls:
            if call.actual_output_tokens is not None:
                canvas.put(column(call), top + scale.row(call.actual_output_tokens), OUTPUT, "first")
        for mark, part, name in ((SELECTED, "second", "selected_budget"), (CEILING, "third", "actual_max_tokens")):
            for call in calls:
                value = getattr(call, name)
                if value is not None:
                    x, y = column(call), top + scale.row(value)
                    is_both = mark == CEILING and canvas.get(x, y) in (SELECTED, BOTH)
                    canvas.put(x, y, BOTH if is_both else mark, part)
        for call in calls:
            if call.truncated and call.actual_output_tokens is not None:
                canvas.put(column(call), top + scale.row(call.actual_output_tokens), CUT, "wrong")
        _write_moments(canvas, left, first, last)


def _write_moments(canvas: Canvas, left: int, first: datetime.datetime, last: datetime.datetime) -> None:
    form = "%Y-%m-%d" if last - first > datetime.timedelta(days=2) else "%m-%d %H:%M"
    begin, end = (moment.astimezone(datetime.UTC).strftime(form) for moment in (first, last))
    canvas.text(left, canvas.height - 1, begin, "label")
    if left + len(begin) + 1 + len(end) <= canvas.width:
        canvas.text(canvas.width - len(end), canvas.height - 1, end, "label")


def _values(call: Event) -> tuple[int | None, ...]:
    return call.actual_output_tokens, call.selected_budget, call.actual_max_tokens


def _drawn(figures: Figures) -> list[Event]:
    return [call for call in figures.sample if any(_values(call))]
