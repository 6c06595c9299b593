"""Keys of the history of calls."""

from __future__ import annotations

from textual.binding import Binding, BindingType

TELEMETRY_KEYS: list[BindingType] = [
    Binding("enter", "detail", "Open", id="history.open", tooltip="All columns of the call and its decision trace"),
    Binding("slash", "filter", "Filter", id="history.filter", key_display="/",
            tooltip="Type a filter: provider:openai outcome:cut_off since:7d"),
    Binding("s", "since", "Since", id="history.since", tooltip="Of all time, 24 hours, 7, 30 or 90 days"),
    Binding("t", "outcome('truncated')", "Cut off", id="history.cut-off", tooltip="Only calls that were cut off"),
    Binding("e", "outcome('failed')", "Errors", id="history.errors", tooltip="Only calls that failed"),
    Binding("I", "import", "Import", id="history.import", tooltip="Import logs of other programs"),
    Binding("v", "plots", "Plots", id="history.plots", tooltip="The next plots"),
    Binding("z", "large", "Large", id="history.large", tooltip="Plots in place of the list, and back"),
    Binding("x", "clear", "Clear", id="history.clear", tooltip="All calls again"),
    Binding("m", "same('model')", "Model", id="history.model", tooltip="Only this call's model"),
    Binding("o", "same('provider')", "Provider", id="history.provider", tooltip="Only this call's provider"),
    Binding("c", "same('category')", "Category", id="history.category", tooltip="Only this call's category"),
    Binding("r", "again", "Read", id="history.read", tooltip="Look for new calls", show=False),
]  # fmt: skip
