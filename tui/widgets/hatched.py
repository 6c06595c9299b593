"""Empty panes: a hatched texture, and on it what would be here and which key fills it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.text import fit

_HATCH = "╱"


def hatched_line(lines: Sequence[str], y: int, width: int, height: int, hatch: Style, said: Style) -> Strip:
    """Draw one line of an empty pane.

    Args:
        lines: What is said, in the middle of the pane.
        y: Which line of the pane.
        width: Of the pane.
        height: Of the pane.
        hatch: Style of the texture.
        said: Style of the words.
    """
    first = max(0, (height - len(lines)) // 2)
    # Words stand free of the texture: a line above, a line below, two cells at the sides.
    if not lines or not first - 1 <= y <= first + len(lines) or width < 8:
        return Strip([Segment(_HATCH * width, hatch)], width)
    room = min(width, 4 + max(cell_len(line) for line in lines))
    text = lines[y - first] if 0 <= y - first < len(lines) else ""
    left = (width - room) // 2
    words = fit(f"  {fit(text, room - 4)}", room)
    return Strip([Segment(_HATCH * left, hatch), Segment(words, said), Segment(_HATCH * (width - left - room), hatch)])
