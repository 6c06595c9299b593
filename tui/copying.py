"""Text to the clipboard of the person at the terminal, and a word about it."""

from __future__ import annotations

from textual.widget import Widget

from tui.text import number


def copy_text(widget: Widget, text: str, what: str = "") -> None:
    """Copy a text by OSC 52, which works through SSH, and say how much.

    Args:
        widget: Whose app copies and tells.
        text: The text; what UTF-8 cannot hold is replaced.
        what: Said instead of the number of lines.
    """
    data = text.encode("utf-8", "replace")
    widget.app.copy_to_clipboard(data.decode("utf-8"))
    lines = text.count("\n") + (0 if text.endswith("\n") or not text else 1)
    said = what or f"{number(lines)} {'line' if lines == 1 else 'lines'}"
    widget.app.notify(f"copied {said}, {number(len(data))} bytes", markup=False)
