"""Colours of the tree, by theme variables only."""

from __future__ import annotations

from engine.model import CLASSES
from tui.text import MARKS

_PARTS = {
    "guide": "$muted", "twisty": "$muted", "folder": "$foreground", "file": "$foreground", "chunk": "$foreground",
    "kind": "$muted", "number": "$foreground", "packed": "$foreground", "absent": "$level-omitted",
    "bar-packed": "$primary", "bar-rest": "$muted", "pinned": "$pinned", "excluded": "$budget-over",
    "left-out": "$secondary", "changed": "$accent", "sorted": "$primary",
    **{mark.variable: f"${mark.variable}" for mark in MARKS},
    **{f"class-{name.value}": f"$class-{name.value}" for name in CLASSES},
}  # fmt: skip
_BOLD = ("changed", "folder", "packed", "pinned", "left-out")

COMPONENTS = {f"pack-tree--{part}" for part in _PARTS}
"""Component classes of the tree."""


LOOK = (
    "PackTree {\n"
    + "\n".join(
        f"    & > .pack-tree--{part} {{ color: {colour};{' text-style: bold;' if part in _BOLD else ''} }}"
        for part, colour in _PARTS.items()
    )
    + "\n}\n"
)
"""Style sheet of the tree: each part has its colour; a level also has a glyph and a letter, a class its word."""
