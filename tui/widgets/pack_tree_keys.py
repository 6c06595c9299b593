"""Keys of the tree."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("enter,right,l", "drill", "Open", id="tree.open", tooltip="Open, then go to the first row inside",
            show=False),
    Binding("left,h", "back", "Back", id="tree.back", tooltip="Close, then go to what it is in", show=False),
    Binding("space", "pin", "Pin", id="tree.pin", tooltip="Keep at the level it has, or let go"),
    Binding(
        "left_square_bracket", "level(1)", "Deeper", id="tree.deeper", tooltip="Pin a level deeper: less text",
        key_display="[", show=False,
    ),
    Binding(
        "right_square_bracket", "level(-1)", "Fuller", id="tree.fuller", tooltip="Pin a level fuller: more text",
        key_display="]", show=False,
    ),
    Binding("x", "exclude", "Exclude", id="tree.exclude", tooltip="Leave out of the pack, or take back"),
    Binding("s", "sort", "Sort", id="tree.sort", tooltip="Sort by size, packed, value, name"),
    Binding("o", "omitted", "Omitted", id="tree.omitted", tooltip="Hide or show what is left out", show=False),
    Binding("e", "expand(True)", "Expand", id="tree.expand", tooltip="Open everything below", show=False),
    Binding("E", "expand(False)", "Collapse", id="tree.collapse", tooltip="Close everything below", show=False),
    Binding("escape", "clear_filter", "Clear filter", id="tree.clear", tooltip="Show everything again", show=False),
]  # fmt: skip
"""Opening, pinning, excluding, sorting; moving is the list's."""
