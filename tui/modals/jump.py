"""Jump mode: a letter floats on every pane; pressing it goes there."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Label

KEYS = "asdfghjklwertyuiop"
"""Keys in the order they are given out: those under the fingers first."""


class JumpOverlay(ModalScreen[None]):
    """Labels over the panes of another screen."""

    DEFAULT_CSS = """
    JumpOverlay { align: left top; background: $background 40%; }
    JumpOverlay Label {
        position: absolute; width: 5; height: 1; text-align: center;
        background: $accent; color: $background; text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="jump.back", tooltip="Stay where you are"),
    ]

    def __init__(self, over: Screen[Any]) -> None:
        super().__init__()
        self._targets: dict[str, Widget] = dict(zip(KEYS, _targets(over), strict=False))

    def compose(self) -> ComposeResult:
        """Put a label on each pane."""
        for key, widget in self._targets.items():
            label = Label(key.upper())
            label.absolute_offset = Offset(widget.region.x + 1, widget.region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the pane of the key, or stay."""
        widget = self._targets.get(event.character or "")
        if widget is not None:
            event.stop()
            self.dismiss(None)
            self.app.call_after_refresh(widget.focus)

    def action_back(self) -> None:
        """Stay."""
        self.dismiss(None)


def _targets(screen: Screen[Any]) -> list[Widget]:
    return [widget for widget in screen.focus_chain if widget.region.area]
