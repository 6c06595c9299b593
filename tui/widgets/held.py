"""A line with handles that the mouse takes hold of, moves and lets go."""

from __future__ import annotations

from textual import events

from tui.widgets.painted import Painted


class Held(Painted):
    """Something that is dragged along its row; subclasses say what a cell means."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._held = False
        """Whether the mouse holds a handle."""

    def grab(self, x: int) -> None:
        """Take hold at a cell; where there are several handles, of one of them."""

    def drag(self, x: int, *, final: bool) -> None:
        """Move what is held to a cell, which may lie beside the widget.

        Args:
            x: The cell.
            final: The mouse button was let go.
        """
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold."""
        at = event.get_content_offset(self)
        if at is None or event.button != 1:
            return
        self.grab(at.x)
        self._held = True
        self.capture_mouse()
        event.stop()
        self.drag(at.x, final=False)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move what is held."""
        if self._held:
            self.drag(event.get_content_offset_capture(self).x, final=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self._held:
            self.drag(event.get_content_offset_capture(self).x, final=True)
            self._held = False
            self.capture_mouse(False)
