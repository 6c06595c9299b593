"""The last row of a screen: keys that do something now, as many as there is room for.

Textual's own footer is a widget per key, made anew whenever anything is focused or greyed out; this one is a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.screen import Screen

from tui.text import content
from tui.widgets.painted import Painted, Row

FIRST = (
    "app.help", "app.quit", "pack.budget", "tree.filter", "pack.model", "view.pack", "view.inspector",
)  # fmt: skip
"""Keys that stay when there is little room, most needed first; then come those of what is focused, in their order."""
LAST = ("pack.less", "pack.more", "pack.answer", "view.telemetry", "view.calibration")
"""Keys that give way before all others, the last of them first: others do the same, or the palette has them."""
RIGHT = ("app.help", "app.quit")
"""Keys that stand at the right edge, where they are at every width and on every screen."""


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key of the row."""

    id: str
    key: str
    """As Textual calls it."""
    label: str
    """As a person does."""
    does: str
    tooltip: str
    enabled: bool

    @property
    def cells(self) -> int:
        """Cells that it takes."""
        return cell_len(self.label) + 1 + cell_len(self.does)


class KeyLine(Painted):
    """Keys of the screen and of what is focused; a click presses one."""

    PREFIX = "key-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--does", "key-line--off"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; padding: 0 1; background: $surface; color: $foreground;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-line--does { color: $foreground; }
        & > .key-line--off { color: $muted; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: tuple[ShownKey, ...] = ()
        self._edges: list[tuple[int, int, ShownKey]] = []
        """First cell and end of each key that is drawn."""

    def on_mount(self) -> None:
        """Follow the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        """Take other keys once all that changes them is through."""
        if self.is_attached and screen.app.app_focus:
            self.call_after_refresh(self.take_keys)

    def take_keys(self) -> None:
        """Take the keys there are now."""
        if not self.is_attached:
            return
        keys: dict[str, ShownKey] = {}
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            name = binding.id or binding.action
            if binding.show and name not in keys:
                label = content(self.app.get_key_display(binding)).plain
                keys[name] = ShownKey(name, binding.key, label, binding.description, tooltip, enabled)
        if (made := tuple(keys.values())) != self._keys:
            self._keys = made
            self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The keys in their order, those that stay at the right; nothing is ever cut in two."""
        shown, gap = fitting(self._keys, width)
        right = [key for key in shown if key.id in RIGHT]
        begin = width - sum(key.cells for key in right) - gap * max(0, len(right) - 1)
        row: Row = []
        self._edges = []
        at = 0
        for key in [key for key in shown if key.id not in RIGHT] + right:
            if key in right[:1]:
                row.append((" " * (begin - at), self.ink()))
                at = begin
            row += [
                (key.label, self.ink("key" if key.enabled else "off")), (" ", self.ink()),
                (key.does, self.ink("does" if key.enabled else "off")), (" " * gap, self.ink()),
            ]  # fmt: skip
            self._edges.append((at, at + key.cells, key))
            at += key.cells + gap
        return [row]

    def key_at(self, x: int) -> ShownKey | None:
        """The key that is drawn over a cell."""
        return next((key for begin, end, key in self._edges if begin <= x < end), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say more of the key under the mouse."""
        key = self.key_at(event.get_content_offset_capture(self).x)
        words = content(key.tooltip) if key is not None and key.tooltip else None
        if words != self.tooltip:
            self.tooltip = words

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        key = self.key_at(event.get_content_offset_capture(self).x)
        if key is None:
            return
        if key.enabled:
            self.app.simulate_key(key.key)
        else:
            self.app.bell()


def fitting(keys: tuple[ShownKey, ...], width: int) -> tuple[list[ShownKey], int]:
    """Keys that fit a width, and the cells between them: two where all fit, else one.

    What would do nothing now gives way first, then ``LAST``, then the end of the row; ``FIRST`` gives way at last.
    """

    def rank(key: ShownKey) -> tuple[int, int]:
        if key.id in FIRST:
            return (0 if key.id in RIGHT or key.enabled else 3), FIRST.index(key.id)
        return (3 if not key.enabled else 2 if key.id in LAST else 1), keys.index(key)

    wanted = sorted(keys, key=rank)
    for gap in (2, 1):
        count = len(wanted)
        while count and sum(key.cells + gap for key in wanted[:count]) - gap > width:
            count -= 1
        if count == len(wanted) or gap == 1:
            break
    kept = set(wanted[:count])
    return [key for key in keys if key in kept], gap
