"""Keys that work on every screen: going elsewhere, taking back, help, leaving."""

from __future__ import annotations

from textual.binding import Binding, BindingType

APP_KEYS: list[BindingType] = [
    Binding("i", "mode('inspector')", "Inspect", id="view.inspector", tooltip="What fills the window"),
    Binding("p", "mode('pack')", "Text", id="view.pack", tooltip="The text a model will get"),
    Binding("f", "mode('profile')", "Profile", id="view.profile", tooltip="What differs from the profile; save it"),
    Binding("F", "mode('search')", "Search", id="view.search", tooltip="What answers a query, and its price"),
    Binding("d", "mode('compare')", "Compare", id="view.compare", tooltip="Two packs side by side"),
    Binding("T", "mode('telemetry')", "Telemetry", id="view.telemetry", tooltip="Recorded calls: what they used"),
    Binding("C", "mode('calibration')", "Calibrate", id="view.calibration",
            tooltip="What recorded calls teach about output budgets"),
    Binding("L", "learn", "Learn", id="view.learn", show=False,
            tooltip="Let past commits and marks propose class weights, and accept or refuse them"),
    Binding("u,ctrl+z", "undo", "Undo", id="pack.undo", tooltip="Take back the last change", show=False),
    Binding("ctrl+r,ctrl+y", "redo", "Redo", id="pack.redo", tooltip="Do again what was undone", show=False),
    Binding("ctrl+t", "themes", "Theme", id="app.theme", tooltip="Choose a theme, seeing it at once", show=False),
    Binding("ctrl+o", "jump", "Jump", id="app.jump", tooltip="Go to a pane by one key", show=False),
    Binding("f5", "rescan", "Rescan", id="app.rescan", tooltip="Read the repository again", show=False),
    Binding("question_mark", "help", "Help", id="app.help", tooltip="Keys of what is focused", key_display="?"),
    Binding(
        "q,ctrl+q",
        "leave",
        "Quit",
        id="app.quit",
        tooltip="Leave; asks when something is not saved",
        key_display="q",
    ),
]  # fmt: skip
