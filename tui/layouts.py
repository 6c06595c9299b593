"""Sizes of terminal that layouts are made for, and the classes by which style sheets know them."""

from __future__ import annotations

from textual.geometry import Size

WIDTHS = [(0, "-narrow"), (72, "-medium"), (110, "-wide"), (170, "-vast")]
"""Columns from which a layout holds, with the class that the screen gets."""
HEIGHTS = [(0, "-low"), (22, "-middling"), (32, "-tall")]
"""Rows from which a layout holds, with the class that the screen gets."""


def layout_classes(size: Size) -> tuple[str, str]:
    """Classes of a screen of this size.

    A screen that has them when it is made is laid out once; Textual would set them after it was laid out without.
    """
    width = max(known for known in WIDTHS if known[0] <= size.width)
    height = max(known for known in HEIGHTS if known[0] <= size.height)
    return width[1], height[1]
