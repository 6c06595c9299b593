"""Keys of the preview pane."""

from __future__ import annotations

from textual.binding import Binding, BindingType

DEEPEST = 4
"""Deepest level that has a text of its own."""

PREVIEW_KEYS: list[BindingType] = [
    Binding("full_stop,greater_than_sign", "step(1)", "Deeper", id="preview.deeper",
        tooltip="The next deeper level", key_display="."),
    Binding("comma,less_than_sign", "step(-1)", "Fuller", id="preview.fuller", tooltip="The next fuller level",
            key_display=","),
    Binding("a", "level('')", "As packed", id="preview.packed", tooltip="At the levels of the pack"),
    *(Binding(str(level), f"level('{level}')", f"Level {level}", id=f"preview.level-{level}", show=False,
              tooltip=f"Show level {level}") for level in range(DEEPEST + 1)),
    Binding("vertical_line", "side", "Beside full", id="preview.side", tooltip="Beside the full text",
            key_display="|"),
    Binding("t", "tokens", "Tokens", id="preview.tokens", tooltip="Show where tokens end"),
    Binding("y", "copy", "Copy", id="preview.copy", tooltip="Copy the selected lines, or all of the text",
            show=False),
]  # fmt: skip
