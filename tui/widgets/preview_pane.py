"""The selected file or chunk as the model will see it, at the level it has or at any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import var

from engine.live import Chart, Excerpt, LivePack, Why
from tui.aligning import Rows, aligned
from tui.copying import copy_text
from tui.document import Document
from tui.messages import ExcerptRead
from tui.preview_facts import PlaceFacts, empty_words, place_facts, subtitle, title
from tui.state import Place
from tui.text import content
from tui.widgets.empty_text import EmptyText
from tui.widgets.level_strip import LevelStrip
from tui.widgets.preview_keys import DEEPEST, PREVIEW_KEYS
from tui.widgets.preview_look import PREVIEW_CSS
from tui.widgets.search_bar import SearchBar
from tui.widgets.text_canvas import TextCanvas
from tui.widgets.text_view import TextView
from tui.widgets.why_panel import WhyPanel

EXCERPT, FULL = "preview", "preview full"
"""Keys of the two texts."""
_SMALL_ROWS, _SMALL_CELLS = 20, 48
"""Size below which reasons take one row."""
_SIDE_CELLS = 90
"""Width from which two texts stand side by side; below, one above the other."""


class PreviewPane(Vertical):
    """Text of a place. Attributes come down; what is missing is asked for by messages."""

    DEFAULT_CSS = PREVIEW_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*PREVIEW_KEYS]

    @dataclass
    class ExcerptWanted(Message):
        """Text is missing: of a place, at a level (None as packed), for one of the two views."""

        place: Place
        level: int | None
        key: str

    @dataclass
    class WhyWanted(Message):
        """The level of a chunk is to be explained."""

        chunk: int

    @dataclass
    class TokensWanted(Message):
        """The ends of the tokens of a text are wanted."""

        text: str

    chart: var[Chart | None] = var(None)
    """What was scanned."""
    pack: var[LivePack | None] = var(None)
    """The newest pack."""
    place: var[Place | None] = var(None)
    """What to show; another one is asked for at once."""
    level: var[int | None] = var(None, init=False)
    """Level to show; None is as packed."""
    excerpt: var[Excerpt | None] = var(None)
    """Text of the place at the level."""
    full: var[Excerpt | None] = var(None)
    """Text of the place at level 0."""
    why: var[Why | None] = var(None)
    """Why the chunk has its level; None for files."""
    token_ends: var[tuple[int, ...]] = var(())
    """Ends of the tokens of the excerpt; see ``TokensWanted``."""
    is_side_by_side: var[bool] = var(False, init=False)
    """Show the full text beside."""
    shows_tokens: var[bool] = var(False, init=False)
    """Mark tokens."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="pane -empty")

    def compose(self) -> ComposeResult:
        """Levels, texts, reasons, search."""
        yield LevelStrip()
        with Container(id="texts"):
            yield TextView(id="excerpt")
            yield TextView(id="full")
        yield WhyPanel()
        yield SearchBar()
        yield EmptyText(classes="empty")

    _had_text = False
    """Whether there was something to show when the footer was made."""

    def on_mount(self) -> None:
        """Begin empty."""
        self._show()

    # -- what comes down ---------------------------------------------------------------------------------------------

    def take(self, answer: ExcerptRead) -> bool:
        """Take text that was asked for; False when it is of another place or level by now."""
        if answer.place != self.place:
            return False
        if answer.key == FULL:
            self.full = answer.excerpt
        elif answer.key == EXCERPT and answer.level == self.level:
            self.excerpt = answer.excerpt
        else:
            return False
        return True

    def watch_place(self, before: Place | None, place: Place | None) -> None:
        """Ask for the text of another place."""
        if place != before:
            self.full = self.why = None
            self._ask()

    def watch_pack(self, before: LivePack | None, pack: LivePack | None) -> None:
        """Ask again where the pack shows the place otherwise."""
        old, new = (place_facts(self.chart, known, self.place) for known in (before, pack))
        if new != old:
            self._ask()

    def watch_level(self) -> None:
        """Ask for another level."""
        self._ask()

    def watch_excerpt(self, before: Excerpt | None, excerpt: Excerpt | None) -> None:
        """Show the text, at the same lines where it is of the same place."""
        same = before is not None and excerpt is not None and before.text == excerpt.text
        if not same or self.is_side_by_side:
            self._show_texts()
        self._show()
        if self.shows_tokens and excerpt is not None and not same:
            self.post_message(self.TokensWanted(excerpt.text))

    def watch_full(self) -> None:
        """Show the full text."""
        self._show_texts()

    def watch_why(self, why: Why | None) -> None:
        """Explain."""
        if self._is_composed:
            self.query_one(WhyPanel).why = why
            self._show()

    def watch_token_ends(self, ends: tuple[int, ...]) -> None:
        """Mark the tokens."""
        if self._is_composed:
            self._view.token_ends = ends if self.shows_tokens else ()

    def watch_is_side_by_side(self, is_side: bool) -> None:
        """Show or hide the full text."""
        self.set_class(is_side, "-side")
        self._view.wrap = self._view.wrap and not is_side
        if is_side and self.full is None:
            self._ask()
        self._show_texts()

    def watch_shows_tokens(self, shows: bool) -> None:
        """Ask for the ends of the tokens, or forget them."""
        if shows and self.excerpt is not None:
            self.post_message(self.TokensWanted(self.excerpt.text))
        self.token_ends = ()
        self._show()

    # -- keys --------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Use the room there is."""
        self.set_class(self.size.width < _SIDE_CELLS, "-stacked")
        self.query_one(WhyPanel).is_compact = self.size.height < _SMALL_ROWS or self.size.width < _SMALL_CELLS
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what needs a text."""
        needs_text = ("step", "level", "side", "tokens", "copy")
        return None if action in needs_text and self._facts is None else True

    def action_step(self, direction: int) -> None:
        """Go to the next deeper or fuller level."""
        level = self.level
        if level is None:
            level = self.excerpt.level if self.excerpt is not None else 0
            level = (0 if direction > 0 else 1) if level < 0 else level
        self.level = min(max(level + direction, 0), DEEPEST)

    @on(LevelStrip.Chosen)
    def _chosen(self, message: LevelStrip.Chosen) -> None:
        message.stop()
        self.level = message.level

    def action_level(self, level: str) -> None:
        """Show a level; nothing for as packed."""
        self.level = int(level) if level else None

    def action_side(self) -> None:
        """Show or hide the full text beside."""
        self.is_side_by_side = not self.is_side_by_side

    def action_tokens(self) -> None:
        """Show or hide tokens."""
        self.shows_tokens = not self.shows_tokens

    def action_copy(self) -> None:
        """Copy what is selected, or all."""
        copy_text(self, self._view.selected_text or (self.excerpt.text if self.excerpt is not None else ""))

    @on(TextView.SearchWanted)
    def _search(self, message: TextView.SearchWanted) -> None:
        message.stop()
        self.query_one(SearchBar).open(message.view)

    @on(TextCanvas.Scrolled)
    def _scrolled(self, message: TextCanvas.Scrolled) -> None:
        message.stop()
        self.query_one(SearchBar).report(message.view)
        if self.is_side_by_side:
            for other in (self._view, self.query_one("#full", TextView)):
                if other is not message.view and other.scroll_y != message.view.scroll_y:
                    other.move(None, message.view.scroll_y)

    # -- inside ------------------------------------------------------------------------------------------------------

    @property
    def _view(self) -> TextView:
        return self.query_one("#excerpt", TextView)

    @property
    def _is_composed(self) -> bool:
        return bool(self.query(".empty"))

    @property
    def _facts(self) -> PlaceFacts | None:
        return place_facts(self.chart, self.pack, self.place)

    def _ask(self) -> None:
        """Ask for what is not there."""
        facts = self._facts
        if self.place is None or facts is None:
            self.excerpt = None
            self._show()
            return
        self.post_message(self.ExcerptWanted(self.place, self.level, EXCERPT))
        if self.is_side_by_side and self.full is None:
            self.post_message(self.ExcerptWanted(self.place, 0, FULL))
        if self.place.chunk is not None:
            self.post_message(self.WhyWanted(self.place.chunk))
        self._show()
        self._grey_out()

    def _grey_out(self) -> None:
        """Let the footer follow, which is made anew each time, only where that changes something."""
        has_text = self._facts is not None
        if has_text != self._had_text:
            self._had_text = has_text
            self.refresh_bindings()

    def _show_texts(self) -> None:
        if not self._is_composed:
            return
        excerpt, full = self.excerpt, self.full
        beside: tuple[Rows | None, Rows | None] = (None, None)
        if self.is_side_by_side and excerpt is not None and full is not None:
            beside = aligned(Document(excerpt.text).lines, Document(full.text).lines)
        for view, shown, rows in (
            (self._view, excerpt, beside[0]),
            (self.query_one("#full", TextView), full, beside[1]),
        ):
            keep = view is self._view and rows is None
            view.load(Document(shown.text if shown else "", rows), [(0, shown.language)] if shown else (), keep=keep)
            view.first_number = shown.first_line if shown else 1
            # Lines that were folded or left out would make every later number wrong.
            view.numbers = shown is not None and shown.level == 0

    def _show(self) -> None:
        if not self._is_composed:
            return
        facts = self._facts
        self.set_class(facts is None, "-empty")
        width = max(20, self.size.width - 6)
        self.border_title = content(title(facts, self.excerpt, self.level, width))
        self.border_subtitle = content(subtitle(facts, self.excerpt, self.level, width))
        self.set_class(facts is not None and self.excerpt is not None and not self.excerpt.text, "-blank")
        self.query_one(EmptyText).words = empty_words(facts)
        if self.query_one(EmptyText).has_focus and not self.has_class("-blank"):
            self._view.focus()
        if facts is None:
            return
        strip = self.query_one(LevelStrip)
        strip.costs, strip.chosen, strip.packed = facts.costs, self.level, facts.packed
