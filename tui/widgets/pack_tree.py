"""The tree of the pack: folders, files and chunks with what they cost, how they are shown, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.live import Chart, LivePack
from engine.model import ChunkClass, Level
from tui.messages import PlaceSelected
from tui.state import Found, Place
from tui.text import content
from tui.tree import AskLabels, RowFacts, Sort, TreeFilter, TreeModel
from tui.widgets.names import shown_name
from tui.widgets.pack_tree_keys import KEYS
from tui.widgets.pack_tree_look import COMPONENTS, LOOK
from tui.widgets.pack_tree_source import FoundSource, TreeSource, described
from tui.widgets.row_list import RowList

_DEEPEST_PIN = int(Level.EMERGENCY)
_TOLD_CELLS = 60


class PackTree(RowList):
    """Shows a chart and a pack of it; wishes go up as messages."""

    HELP = """
    Each row is a folder, a file or a chunk: its level, its tokens in full and in the pack, and its share of what it is
    in; the high part of the bar is what the pack keeps. At the end stands what is not included, with the reasons.
    """
    DEFAULT_CSS = LOOK
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    chart: reactive[Chart | None] = reactive(None, repaint=False)
    """What was scanned; None while nothing was."""
    pack: reactive[LivePack | None] = reactive(None, repaint=False)
    """A pack of the chart."""
    found: reactive[Found | None] = reactive(None, repaint=False)
    """What a running scan has found; not looked at once there is a chart."""
    wanted: reactive[TreeFilter] = reactive(TreeFilter, repaint=False)
    """What the tree is narrowed to."""

    @dataclass
    class PinWanted(Message):
        """A person wants a place at a level whatever happens, or (None) no longer."""

        place: Place
        level: int | None

    @dataclass
    class ExcludeWanted(Message):
        """A person wants a place left out, or taken back."""

        place: Place
        excluded: bool

    @dataclass
    class SortChanged(Message):
        """A person sorted the tree by something else."""

        sort: Sort

    @dataclass
    class FilterChanged(Message):
        """The tree is narrowed to something else."""

        wanted: TreeFilter
        rows: int
        """Rows that are left."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Start empty."""
        super().__init__(FoundSource(Found()), id=id, classes=classes)
        self.labels: AskLabels = lambda chunks: ()
        """Gives (kind, symbol) of chunks that come in sight; may give nothing and call ``add_labels`` later."""
        self.border_title = "Tree"

    # -- facts from above ------------------------------------------------------------------------------------------

    @property
    def model(self) -> TreeModel | None:
        """The rows; None while there is no chart."""
        return self.source.model if isinstance(self.source, TreeSource) else None

    @property
    def sort(self) -> Sort:
        """What siblings are ordered by."""
        return self.model.sort if self.model is not None else Sort.SIZE

    def watch_chart(self, chart: Chart | None) -> None:
        """Show another repository, or the same after another scan: open, sorted and narrowed as before."""
        old, key = self.model, self.cursor_key
        if chart is None:
            self.source = FoundSource(self.found or Found())
            return
        model = TreeModel(chart, lambda rows: self.labels(rows))
        if old is not None and old.chart.root == chart.root:
            model.follow(old)
            if isinstance(key, int):
                key = model.find(old.name_of(key))
        else:
            model.set_filter(self.wanted)
            key = None
        self._source = TreeSource(model)
        self._cursor_key = None
        if self.pack is not None and len(self.pack.levels) == chart.columns.chunks:
            model.set_pack(self.pack)
        self._changed(key)

    def watch_pack(self, pack: LivePack | None) -> None:
        """Show another pack of the chart."""
        model = self.model
        # A pack of an earlier scan may arrive late; its arrays are about other chunks.
        if model is None or (pack is not None and len(pack.levels) != model.chart.columns.chunks):
            return
        model.set_pack(pack)
        self._changed()

    def watch_found(self, found: Found | None) -> None:
        """Show what was found so far."""
        if self.model is None:
            self._source = FoundSource(found or Found())
            self._changed()

    def watch_wanted(self, wanted: TreeFilter) -> None:
        """Narrow the rows."""
        if self.model is not None:
            self.model.set_filter(wanted)
            self._changed()
        self.post_message(self.FilterChanged(wanted, self.row_total))

    def set_filter(self, text: str = "", classes: Sequence[ChunkClass] = (), levels: Sequence[int] = ()) -> None:
        """Narrow the tree to words in paths or symbols, to classes, to levels; nothing shows everything."""
        self.wanted = TreeFilter(text, frozenset(classes), frozenset(levels))

    def add_labels(self, chunks: Sequence[int], labels: Sequence[tuple[str, str]]) -> None:
        """Learn (kind, symbol) of chunks."""
        if self.model is not None:
            if self.model.add_labels(chunks, labels):
                self._changed()
            else:
                self.rows_redrawn()

    def set_sort(self, sort: Sort | str) -> None:
        """Order siblings."""
        if self.model is not None and sort != self.model.sort:
            self.model.set_sort(Sort(sort))
            self._changed()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw a line; names of chunks are asked for once for all lines in sight."""
        if y == 0 and isinstance(self.source, TreeSource):
            top = self.scroll_offset.y
            self.source.load_labels(top, top + self.size.height)
        return super().render_line(y)

    def _changed(self, key: Any = None) -> None:
        self.rows_changed(key)
        self._describe()

    def _describe(self) -> None:
        model = self.model
        if model is None:
            self.border_subtitle = ""
            return
        told = model.pack.change_told if model.pack is not None else ""
        self.border_title = content(f"Tree · {shown_name(told, _TOLD_CELLS)}" if told else "Tree")
        self.border_subtitle = described(model)

    # -- wishes ----------------------------------------------------------------------------------------------------

    def cursor_moved(self) -> None:
        """Tell what was selected."""
        super().cursor_moved()
        place = self.place
        if place is not None:
            self.post_message(PlaceSelected(place))

    @property
    def place(self) -> Place | None:
        """What the cursor is on; None for rows that stand for no place."""
        return self.source.place(self.cursor_row) if isinstance(self.source, TreeSource) and self.row_total else None

    def reveal(self, place: Place) -> None:
        """Have the cursor on a file or a chunk; what hides it is taken away."""
        model = self.model
        if model is None or place.file < 0:
            return
        if self.wanted:
            self.wanted = TreeFilter()
        self._changed(model.reveal(place))

    def row_chosen(self, row: int) -> None:
        """Open or close what was clicked twice."""

        def toggle(source: TreeSource, facts: RowFacts) -> None:
            if facts.is_openable:
                self._open(source, row, not facts.is_open)

        self._with_facts(toggle)

    def action_drill(self) -> None:
        """Open; when open, go to the first row inside."""

        def drill(source: TreeSource, facts: RowFacts) -> None:
            if facts.is_openable and not facts.is_open:
                self._open(source, self.cursor_row, True)
            elif facts.is_openable:
                self.move_cursor(self.cursor_row + 1)

        self._with_facts(drill)

    def action_back(self) -> None:
        """Close; when closed, go to what it is in."""

        def back(source: TreeSource, facts: RowFacts) -> None:
            if facts.is_openable and facts.is_open:
                self._open(source, self.cursor_row, False)
            elif (above := source.row_above(self.cursor_row)) >= 0:
                self.move_cursor(above)

        self._with_facts(back)

    def action_pin(self) -> None:
        """Pin at the level it has (what is omitted: at the deepest there is), or let go."""

        def pin(place: Place, facts: RowFacts) -> None:
            level = None if facts.pinned == 2 else min(max(facts.level, 0), _DEEPEST_PIN)
            self.post_message(self.PinWanted(place, level))

        self._with_place(pin)

    def action_level(self, deeper: int) -> None:
        """Pin a level deeper or fuller than it has."""

        def pin(place: Place, facts: RowFacts) -> None:
            level = facts.pin_level if facts.pin_level >= 0 else facts.level
            self.post_message(self.PinWanted(place, min(max(level + deeper, 0), _DEEPEST_PIN)))

        self._with_place(pin)

    def action_exclude(self) -> None:
        """Leave out, or take back."""
        self._with_place(lambda place, facts: self.post_message(self.ExcludeWanted(place, not facts.is_excluded)))

    def action_sort(self) -> None:
        """Sort by the next thing."""
        if self.model is not None:
            self.set_sort(self.model.sort.following)
            self.post_message(self.SortChanged(self.model.sort))

    def action_omitted(self) -> None:
        """Hide what the pack does not hold, or show it in place."""
        if self.model is not None:
            self.model.set_hides_omitted(not self.model.hides_omitted)
            self._changed()

    def action_expand(self, is_open: bool) -> None:
        """Open or close everything below."""
        self._with_facts(lambda source, facts: self._below(source, is_open))

    def action_clear_filter(self) -> None:
        """Show everything again."""
        self.wanted = TreeFilter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to others while nothing is filtered; grey out what needs a pack."""
        if action == "clear_filter":
            return bool(self.wanted)
        if action in ("pin", "level", "exclude", "sort", "omitted", "expand", "drill", "back"):
            return True if self.model is not None else None
        return super().check_action(action, parameters)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _with_facts(self, use: Callable[[TreeSource, RowFacts], object]) -> None:
        if isinstance(self.source, TreeSource) and self.row_total:
            use(self.source, self.source.facts(self.cursor_row))

    def _with_place(self, use: Callable[[Place, RowFacts], object]) -> None:
        place = self.place
        if place is not None and self.pack is not None:
            use(place, cast(TreeSource, self.source).facts(self.cursor_row))

    def _open(self, source: TreeSource, row: int, is_open: bool) -> None:
        source.open(row, is_open)
        self._changed()

    def _below(self, source: TreeSource, is_open: bool) -> None:
        source.open_below(self.cursor_row, is_open)
        self._changed()
