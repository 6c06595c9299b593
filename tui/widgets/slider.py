"""A number that is moved by keys, typed, or dragged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.text import fit
from tui.widgets.held import Held
from tui.widgets.painted import Row
from tui.widgets.slider_scale import Scale, shown_value

_COARSE = 5
"""Steps of a key press with shift."""
_VALUE_CELLS = 6
_MOST_TYPED = 8


class Slider(Held, can_focus=True):
    """A line with a handle, a mark at the default, and the value behind it.

    Digits begin typing a number; enter takes it, escape drops it.
    """

    PREFIX = "slider"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"slider--{part}" for part in ("line", "fill", "handle", "value", "mark")}
    DEFAULT_CSS = """
    Slider {
        height: 1;
        & > .slider--line { color: $panel; }
        & > .slider--fill { color: $secondary; }
        & > .slider--handle { color: $foreground; text-style: bold; }
        & > .slider--value { color: $foreground; }
        & > .slider--mark { color: $muted; }
        &:focus > .slider--fill { color: $primary; }
        &:focus > .slider--handle { color: $primary; text-style: bold; }
        &:focus > .slider--value { color: $primary; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Less", id="slider.less", tooltip="A little less", show=False),
        Binding("right,l", "step(1)", "More", id="slider.more", tooltip="A little more", show=False),
        Binding("shift+left,H", f"step(-{_COARSE})", "Much less", id="slider.much-less", tooltip="Much less",
                show=False),
        Binding("shift+right,L", f"step({_COARSE})", "Much more", id="slider.much-more", tooltip="Much more",
                show=False),
        Binding("home", "end(0)", "Least", id="slider.least", tooltip="The smallest value", show=False),
        Binding("end", "end(1)", "Most", id="slider.most", tooltip="The largest value", show=False),
    ]  # fmt: skip

    value: reactive[float] = reactive(0.0)
    """The number."""
    default: reactive[float | None] = reactive(None)
    """Where a mark stands; None for nowhere."""

    @dataclass
    class Moved(Message):
        """A person chose another value."""

        slider: Slider
        value: float
        final: bool
        """False while the mouse button is down."""

        @property
        def control(self) -> Slider:
            """The slider, for selectors."""
            return self.slider

    def __init__(
        self,
        scale: Scale,
        value: float = 0.0,
        *,
        default: float | None = None,
        show: Callable[[float], str] = shown_value,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a slider.

        Args:
            scale: Values it may have.
            value: Value to begin with.
            default: Where a mark stands.
            show: Writes a value in at most six cells.
            id: Name of the widget.
            classes: Classes of the widget.
        """
        super().__init__(id=id, classes=classes)
        self.scale = scale
        self._show = show
        self._typed = ""
        self.set_reactive(Slider.value, value)
        self.set_reactive(Slider.default, default)

    def watch_value(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_default(self) -> None:
        """Draw anew."""
        self.repaint()

    @property
    def _line_cells(self) -> int:
        return max(1, self.size.width - _VALUE_CELLS - 1)

    def rows(self, width: int, height: int) -> list[Row]:
        """Line, handle, mark and value."""
        cells = self._line_cells
        at = round(self.scale.place(self.value) * (cells - 1))
        mark = None if self.default is None else round(self.scale.place(self.default) * (cells - 1))
        row: Row = []
        for cell in range(cells):
            if cell == at:
                row.append(("●", self.ink("handle")))
            elif cell == mark:
                row.append(("┿" if cell < at else "┼", self.ink("mark")))
            else:
                row.append(("━", self.ink("fill")) if cell < at else ("─", self.ink("line")))
        text = f"{self._typed}▏" if self._typed else self._show(self.value)
        return [[*row, (" ", self.ink()), (fit(text, _VALUE_CELLS, right=True), self.ink("value"))]]

    # -- hands -------------------------------------------------------------------------------------------------------

    def action_step(self, steps: int) -> None:
        """Move by some steps."""
        moved = self.scale.stepped(self.value, steps)
        low, high = sorted((self.value, moved))
        # Nobody finds the default again otherwise.
        self._choose(self.default if self.default is not None and low < self.default < high else moved)

    def action_end(self, place: int) -> None:
        """Go to an end."""
        self._choose(self.scale.value(place))

    def on_key(self, event: events.Key) -> None:
        """Type a number."""
        character = event.character or ""
        if character.isascii() and (character.isdigit() or (character == "." and "." not in self._typed)):
            self._typed = (self._typed + character)[:_MOST_TYPED]
        elif not self._typed:
            return
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "enter":
            self._take_typed()
        elif event.key == "escape":
            self._typed = ""
        else:
            return
        event.stop()
        event.prevent_default()
        self.repaint()

    def on_blur(self) -> None:
        """Take what was typed."""
        self._take_typed()

    def _take_typed(self) -> None:
        typed, self._typed = self._typed, ""
        if typed.strip("."):
            self._choose(self.scale.kept(float(typed)))
        self.repaint()

    def _choose(self, value: float, *, final: bool = True) -> None:
        self._typed = ""
        if value != self.value or (final and self._held):
            self.value = value
            self.post_message(self.Moved(self, value, final))

    def drag(self, x: int, *, final: bool) -> None:
        """Move to a cell."""
        self._choose(self.scale.value(x / max(1, self._line_cells - 1)), final=final)
