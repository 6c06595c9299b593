"""Keys of the screen with the pack's text."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.widgets.format_strip import FORMATS

PACK_KEYS: list[BindingType] = [
    *(Binding(str(index + 1), f"format('{name}')", name, id=f"text.format-{name}", tooltip=f"Write it as {name}",
              show=False) for index, name in enumerate(FORMATS)),
    Binding("y", "copy", "Copy", id="text.copy", tooltip="Copy the selected lines, or all, to the clipboard"),
    Binding("w", "save", "Save", id="text.save", tooltip="Write the text to a file"),
    Binding("c", "command", "Command", id="text.command", tooltip="Show and copy the command that gives this pack"),
    Binding("o", "part('outline')", "Files", id="text.outline", tooltip="Show or hide the files of the pack"),
    Binding("s", "part('summary')", "Report", id="text.summary", tooltip="Show or hide the report"),
    Binding("r", "part('ruler')", "Ruler", id="text.ruler", tooltip="Show or hide the token ruler", show=False),
    Binding("t", "tokens", "Tokens", id="text.tokens", tooltip="Show where tokens end"),
    Binding("right_square_bracket", "file(1)", "Next file", id="text.next-file", tooltip="To the next file",
            key_display="]", show=False),
    Binding("left_square_bracket", "file(-1)", "File before", id="text.previous-file",
            tooltip="To the begin of this file, or the one before", key_display="[", show=False),
    Binding("enter", "read", "Read", id="text.read", tooltip="From the files to the text", show=False),
]  # fmt: skip
