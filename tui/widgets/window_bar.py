"""The model's whole context window to scale, with the budget as a handle that can be moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from engine.budget import parse_budget
from engine.errors import PacksightError
from engine.live import LivePack
from engine.request import PackRequest
from tui.answer import Answer
from tui.settings import step_budget
from tui.state import Found
from tui.text import content, number, short_number
from tui.widgets.bar_layout import amount_at, cell_at, nice_above
from tui.widgets.bar_rows import Brush, bar_row, legend_row, scale_row
from tui.widgets.class_marks import CLASS_VARIABLES
from tui.widgets.painted import Painted, Row, css_colors
from tui.widgets.window_parts import Part, answer_words, found_numbers, found_parts, pack_numbers, pack_parts, zoomed

_BORDER_CELLS = 4
"""Of a border, beside its words."""
ZOOM_BELOW_CELLS = 14
"""A budget of fewer cells gets a bar of its own."""
_PARTS = ("frame", "unused", "free", "answer", "reserve", "beyond", "over", "tick", "handle", "legend")


class WindowBar(Painted, can_focus=True):
    """Pack by class, frame, unused budget, free window, room for the answer and reserve, to scale.

    The screen hands down ``request``, ``pack``, ``found`` and ``window``; the handle follows the hand at once and the
    request as soon as it comes back.
    """

    PREFIX = "window-bar"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"window-bar--{part}" for part in (*CLASS_VARIABLES, *_PARTS)}
    DEFAULT_CSS = f"""
    WindowBar {{
        height: 6;
        {css_colors("window-bar", CLASS_VARIABLES)}
        & > .window-bar--frame {{ color: $secondary; }}
        & > .window-bar--unused {{ color: $budget-ok; }}
        & > .window-bar--free {{ color: $muted; }}
        & > .window-bar--answer {{ color: $secondary; }}
        & > .window-bar--reserve {{ color: $muted; }}
        & > .window-bar--beyond {{ color: $muted; }}
        & > .window-bar--over {{ color: $budget-over; text-style: bold; }}
        & > .window-bar--tick {{ color: $muted; }}
        & > .window-bar--handle {{ color: $accent; text-style: bold; }}
        & > .window-bar--legend {{ color: $foreground; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1, False)", "Less", id="budget.less", tooltip="A smaller budget"),
        Binding("right,l", "step(1, False)", "More", id="budget.more", tooltip="A larger budget"),
        Binding("shift+left,H", "step(-1, True)", "Much less", id="budget.much-less", tooltip="A far smaller budget",
                show=False),
        Binding("shift+right,L", "step(1, True)", "Much more", id="budget.much-more", tooltip="A far larger budget",
                show=False),
        Binding("home", "least", "Least", id="budget.least", tooltip="The smallest budget that works", show=False),
        Binding("end", "most", "Most", id="budget.most", tooltip="All of the window beside the reserve", show=False),
    ]  # fmt: skip

    window: reactive[int] = reactive(0)
    """Tokens of the model's window; 0 while unknown, then that of the pack counts."""
    request: reactive[PackRequest | None] = reactive(None)
    """What is in force; where the handle is."""
    pack: reactive[LivePack | None] = reactive(None)
    """What is shown."""
    answer: reactive[Answer | None] = reactive(None)
    """What the answer needs; drawn where it would be, beside what is kept free already."""
    found: reactive[Found | None] = reactive(None)
    """What a running scan found; shown instead of the pack while it is set."""

    @dataclass
    class BudgetChosen(Message):
        """A person moved the budget."""

        tokens: int
        final: bool
        """False while the mouse button is down."""

    @dataclass
    class ReserveChosen(Message):
        """A person moved the edge of the reserve."""

        tokens: int
        final: bool
        """False while the mouse button is down."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._sent: list[int] = []
        """Budgets that were chosen and did not come back as a request yet."""
        self._grabbed = ""
        """``budget`` or ``reserve`` while the mouse holds it."""
        self._grab_total = 0
        """What the width of the bar that is dragged on stands for."""
        self.add_class("pane")

    # -- facts -------------------------------------------------------------------------------------------------------

    @property
    def window_tokens(self) -> int:
        """The window in force."""
        return self.window or (self.pack.context_window if self.pack else 0)

    @property
    def budget_tokens(self) -> int:
        """Where the handle is; 0 when nothing is known."""
        if self._sent:
            return self._sent[-1]
        request = self.request or (self.pack.request if self.pack else None)
        if request is None:
            return 0
        try:
            return parse_budget(request.budget, self.window_tokens)
        except PacksightError:
            return self.pack.budget_tokens if self.pack else 0

    @property
    def reserve_tokens(self) -> int:
        """Tokens kept for the answer."""
        request = self.request or (self.pack.request if self.pack else None)
        return request.reserve_tokens if request else 0

    @property
    def zoom_total(self) -> int:
        """Tokens that the zoomed bar stands for; 0 when the window to scale shows the budget well enough."""
        if self.found is not None or self.pack is None or self.size.width <= 0:
            return 0
        if self._grabbed == "budget" and self._grab_total < self.window_tokens:
            return self._grab_total
        budget = max(self.budget_tokens, self.pack.est_used)
        if budget * self.size.width >= ZOOM_BELOW_CELLS * self.window_tokens:
            return 0
        return min(self.window_tokens, nice_above(budget))

    def watch_request(self, request: PackRequest | None) -> None:
        """Let go of choices that came back, or that something else overtook."""
        known = request.budget if request else None
        self._sent = self._sent[self._sent.index(known) + 1 :] if known in self._sent else []
        self._tell()

    def watch_window(self) -> None:
        """Draw anew."""
        self._tell()

    def watch_pack(self) -> None:
        """Draw anew."""
        if self.request is None:
            self._sent = []
        self._tell()

    def watch_answer(self) -> None:
        """Draw anew."""
        self._tell()

    def watch_found(self) -> None:
        """Draw anew."""
        self._tell()

    def on_resize(self) -> None:
        """The border may have to explain a zoom now."""
        self._tell()

    def _tell(self) -> None:
        """Write the numbers into the border."""
        self.border_title = content(self._title(self.zoom_total))
        numbers, over = "", False
        if self.found is not None:
            numbers = found_numbers(self.found, self.window_tokens)
        elif self.pack is not None:
            numbers = self._with_answer(pack_numbers(self.pack, self.budget_tokens))
            over = self.pack.used_tokens > self.budget_tokens
        words = content(numbers)
        # A style of the widget would lose against the app's style of all borders.
        self.border_subtitle = words.stylize("bold $budget-over") if over else words
        self.repaint()

    def _with_answer(self, numbers: str) -> str:
        """Put what the answer needs before the numbers of the pack, where there is room for both."""
        if self.answer is None or self.pack is None:
            return numbers
        words = f"{answer_words(self.answer, self.pack, self.budget_tokens, self.reserve_tokens)} · {numbers}"
        return words if len(words) + _BORDER_CELLS <= self.size.width else numbers

    def _title(self, zoom: int) -> str:
        window = self.window_tokens
        if not window:
            return "Context window"
        title = f"Context window · {number(window)} tokens"
        if zoom:
            title += f", and its first {number(zoom)} zoomed"
            if len(title) + 2 > self.size.width:
                title = f"Window {short_number(window)} · its first {short_number(zoom)} zoomed"
        return title

    # -- drawing -----------------------------------------------------------------------------------------------------

    def rows(self, width: int, height: int) -> list[Row]:
        """Bar, scale and legend, as many as there is room for."""
        parts = self._parts()
        if not parts or width < 4:
            return []
        brush = Brush(self.ink, self.solid)
        total = max(self.window_tokens, sum(part.tokens for part in parts))
        budget = self.budget_tokens
        zoom = self.zoom_total
        near, near_total = (zoomed(parts, zoom), zoom) if zoom else (parts, total)
        is_pack = self.found is None
        bar = bar_row(brush, near, near_total, width, budget, marks_over=is_pack)
        scale = scale_row(brush, near_total, width, budget)
        legend = legend_row(brush, parts, width)
        if zoom:
            thin = bar_row(brush, parts, total, width, budget, thin=True)
            return {1: [bar], 2: [bar, scale], 3: [thin, bar, scale]}.get(height, [thin, bar, scale, legend])
        plain = bar_row(brush, near, near_total, width, budget, named=False, marks_over=is_pack)
        return {1: [bar], 2: [bar, scale], 3: [bar, scale, legend]}.get(height, [bar, plain, scale, legend])

    def _parts(self) -> list[Part]:
        if self.found is not None:
            return found_parts(self.found, self.window_tokens, self.reserve_tokens) if self.window_tokens else []
        wanted = self.answer.ceiling_tokens if self.answer is not None else 0
        return pack_parts(self.pack, self.budget_tokens, self.reserve_tokens, wanted) if self.pack else []

    # -- hands -------------------------------------------------------------------------------------------------------

    def action_step(self, direction: int, coarse: bool) -> None:
        """Move the budget by a round step."""
        request = self.request or (self.pack.request if self.pack else None)
        if request is None or not self.window_tokens:
            return
        stepped = step_budget(request, self.budget_tokens, self.window_tokens, direction, coarse=coarse)
        self._choose(int(stepped.budget), final=True)

    def action_least(self) -> None:
        """Take the smallest budget that works."""
        if self.pack is not None:
            self._choose(self.pack.smallest_tokens, final=True)

    def action_most(self) -> None:
        """Take all of the window beside the reserve."""
        self._choose(self.window_tokens, final=True)

    def _choose(self, tokens: int, *, final: bool) -> None:
        most = self.window_tokens - self.reserve_tokens
        tokens = min(max(1, tokens), max(1, most))
        if not self.window_tokens or (tokens == self.budget_tokens and not final):
            return
        if tokens != self.budget_tokens:
            self._sent.append(tokens)
        self._tell()
        self.post_message(self.BudgetChosen(tokens, final))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the budget, or of the reserve's edge when that is under the mouse."""
        at = event.get_content_offset(self)
        if at is None or event.button != 1 or not self.window_tokens or self.found is not None:
            return
        zoom = self.zoom_total
        on_zoom = zoom and at.y >= (1 if self.size.height > 2 else 0)
        edge = cell_at(self.window_tokens - self.reserve_tokens, self.window_tokens, self.size.width)
        near_edge = not on_zoom and self.reserve_tokens > 0 and abs(at.x - edge) <= 1
        self._grab_total = zoom if on_zoom else self.window_tokens
        self._grabbed = "reserve" if near_edge else "budget"
        self.capture_mouse()
        event.stop()
        if self._grabbed == "budget":
            self._drag(at.x, final=False)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move what is held."""
        if self._grabbed:
            self._drag(event.get_content_offset_capture(self).x, final=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go, for good."""
        if self._grabbed:
            self._drag(event.get_content_offset_capture(self).x, final=True)
            self._grabbed = ""
            self.capture_mouse(False)
            self._tell()

    def _drag(self, x: int, *, final: bool) -> None:
        tokens = amount_at(min(max(0, x), self.size.width - 1), self._grab_total, self.size.width)
        if self._grabbed == "budget":
            self._choose(tokens, final=final)
        else:
            reserve = 0 if x >= self.size.width - 1 else self.window_tokens - tokens
            self.post_message(self.ReserveChosen(max(0, reserve), final))
