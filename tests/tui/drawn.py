"""What a widget draws, as text."""

from __future__ import annotations

from rich.cells import cell_len
from textual.widget import Widget


def drawn(widget: Widget) -> list[str]:
    """Rows of the content; each takes exactly the width of the widget."""
    rows = [widget.render_line(y).text for y in range(widget.size.height)]
    for row in rows:
        assert cell_len(row) == widget.size.width, row
        assert row.isprintable(), row
    return rows


def title(widget: Widget) -> str:
    """Border title and subtitle, as text."""
    labels = (getattr(widget, "_border_title", None), getattr(widget, "_border_subtitle", None))
    return " | ".join(label.plain for label in labels if label is not None)
