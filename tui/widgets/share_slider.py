"""Two handles on one line: the least and the most of something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.text import fit
from tui.widgets.held import Held
from tui.widgets.painted import Row

_STEPS = 100
_COARSE = 10
_VALUE_CELLS = 8

Share = tuple[float, float]


class ShareSlider(Held, can_focus=True):
    """Minimum and maximum share, 0-1; space changes the handle that keys move."""

    PREFIX = "share-slider"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"share-slider--{part}" for part in ("line", "fill", "handle", "active", "value")
    }
    DEFAULT_CSS = """
    ShareSlider {
        height: 1;
        & > .share-slider--line { color: $panel; }
        & > .share-slider--fill { color: $secondary; }
        & > .share-slider--handle { color: $foreground; }
        & > .share-slider--active { color: $foreground; text-style: bold; }
        & > .share-slider--value { color: $foreground; }
        &:focus > .share-slider--fill { color: $primary; }
        &:focus > .share-slider--active { color: $accent; text-style: bold reverse; }
        &:focus > .share-slider--value { color: $primary; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Less", id="share.less", tooltip="A hundredth less", show=False),
        Binding("right,l", "step(1)", "More", id="share.more", tooltip="A hundredth more", show=False),
        Binding("shift+left,H", f"step(-{_COARSE})", "Much less", id="share.much-less", tooltip="A tenth less",
                show=False),
        Binding("shift+right,L", f"step({_COARSE})", "Much more", id="share.much-more", tooltip="A tenth more",
                show=False),
        Binding("space", "switch", "Other end", id="share.switch", tooltip="Move the other handle"),
        Binding("home", "step(-100)", "Least", id="share.least", tooltip="As far left as it goes", show=False),
        Binding("end", "step(100)", "Most", id="share.most", tooltip="As far right as it goes", show=False),
    ]  # fmt: skip

    share: reactive[Share] = reactive((0.0, 1.0))
    """Minimum and maximum."""
    moves_most: reactive[bool] = reactive(False)
    """Whether keys move the maximum."""

    @dataclass
    class Moved(Message):
        """A person chose another range."""

        slider: ShareSlider
        share: Share
        final: bool
        """False while the mouse button is down."""

        @property
        def control(self) -> ShareSlider:
            """The slider, for selectors."""
            return self.slider

    def __init__(self, share: Share = (0.0, 1.0), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(ShareSlider.share, share)

    def watch_share(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_moves_most(self) -> None:
        """Draw anew."""
        self.repaint()

    @property
    def _line_cells(self) -> int:
        return max(2, self.size.width - _VALUE_CELLS - 1)

    def _cell(self, end: int) -> int:
        """Cell of the handle of an end; the two are never in one."""
        cells = self._line_cells
        least = min(cells - 2, round(self.share[0] * (cells - 1)))
        return least if end == 0 else max(least + 1, round(self.share[1] * (cells - 1)))

    def rows(self, width: int, height: int) -> list[Row]:
        """Line, handles and range."""
        least, most = self._cell(0), self._cell(1)
        row: Row = []
        for cell in range(self._line_cells):
            if cell in (least, most):
                active = (cell == most) == self.moves_most
                row.append(("▐" if cell == least else "▌", self.ink("active" if active else "handle")))
            else:
                inside = least < cell < most
                row.append(("━" if inside else "─", self.ink("fill" if inside else "line")))
        words = share_words(self.share)
        return [[*row, (" ", self.ink()), (fit(words, _VALUE_CELLS, right=True), self.ink("value"))]]

    # -- hands -------------------------------------------------------------------------------------------------------

    def action_switch(self) -> None:
        """Move the other handle from now on."""
        self.moves_most = not self.moves_most

    def action_step(self, steps: int) -> None:
        """Move the handle in hand by hundredths."""
        self._move(self.share[self.moves_most] + steps / _STEPS)

    def _move(self, to: float, *, final: bool = True) -> None:
        to = min(1.0, max(0.0, round(to * _STEPS) / _STEPS))
        least, most = self.share
        share = (least, max(to, least)) if self.moves_most else (min(to, most), most)
        if share != self.share or (final and self._held):
            self.share = share
            self.post_message(self.Moved(self, share, final))

    def grab(self, x: int) -> None:
        """Take hold of the nearer handle."""
        self.moves_most = abs(x - self._cell(1)) < abs(x - self._cell(0))

    def drag(self, x: int, *, final: bool) -> None:
        """Move to a cell."""
        self._move(x / max(1, self._line_cells - 1), final=final)


def share_words(share: Share) -> str:
    """Write a range in at most eight cells: ``any``, ``≥ 10%``, ``≤ 40%``, ``10..40%``."""
    least, most = (round(100 * end) for end in share)
    if least == 0:
        return "any" if most == 100 else f"≤ {most}%"
    return f"≥ {least}%" if most == 100 else f"{least}..{most}%"
