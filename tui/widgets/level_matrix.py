"""Class by level: what each level would cost, which fit, and where the pack sits; choosing a cell limits the class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from engine.live import Chart, LivePack
from engine.model import ChunkClass
from tui.state import Found
from tui.text import MARKS, content, number, percent
from tui.widgets import matrix_layout as layouts
from tui.widgets.class_marks import CLASS_VARIABLES
from tui.widgets.matrix_cells import LEVELS, ClassSums, MatrixRow, found_rows, matrix_rows
from tui.widgets.matrix_layout import FITS, WALL, Layout, layout_for
from tui.widgets.painted import Painted, Row, css_colors

_LEVEL_VARIABLES = tuple(mark.variable for mark in MARKS)
_BOLD = Style(bold=True)
_PARTS = ("head", "cost", "beyond", "wall", "cursor", "rule", "fits")


class LevelMatrix(Painted, can_focus=True):
    """A table of tokens by class and level, the total and its quality below."""

    PREFIX = "level-matrix"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"level-matrix--{part}" for part in (*CLASS_VARIABLES, *_LEVEL_VARIABLES, *_PARTS)
    }
    DEFAULT_CSS = f"""
    LevelMatrix {{
        height: 1fr;
        {css_colors("level-matrix", (*CLASS_VARIABLES, *_LEVEL_VARIABLES))}
        & > .level-matrix--head {{ color: $muted; }}
        & > .level-matrix--cost {{ color: $foreground; }}
        & > .level-matrix--beyond {{ color: $muted; }}
        & > .level-matrix--wall {{ color: $pinned; text-style: bold; }}
        & > .level-matrix--cursor {{ background: $primary; color: $background; text-style: bold; }}
        & > .level-matrix--rule {{ color: $panel; }}
        & > .level-matrix--fits {{ color: $budget-ok; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1, 0)", "Up", id="levels.up", tooltip="The class above", show=False),
        Binding("down,j", "move(1, 0)", "Down", id="levels.down", tooltip="The class below", show=False),
        Binding("left,h", "move(0, -1)", "Fuller", id="levels.left", tooltip="The fuller level", show=False),
        Binding("right,l", "move(0, 1)", "Deeper", id="levels.right", tooltip="The deeper level", show=False),
        Binding("home", "move(-99, 0)", "First", id="levels.first", tooltip="The first class", show=False),
        Binding("end", "move(99, 0)", "All", id="levels.last", tooltip="The row of all classes", show=False),
        Binding("enter,space", "choose", "Deepest", id="levels.choose",
                tooltip="Let this class fall no deeper than this level"),
    ]  # fmt: skip

    chart: reactive[Chart | None] = reactive(None)
    """What was scanned."""
    pack: reactive[LivePack | None] = reactive(None)
    """What is shown."""
    found: reactive[Found | None] = reactive(None)
    """What a running scan found; shown while there is no pack."""
    cursor: reactive[tuple[int, int]] = reactive((0, 0))
    """(row, level) under the cursor; the total is the last row."""

    @dataclass
    class LevelChosen(Message):
        """A person chose the deepest level of a class."""

        chunk_class: ChunkClass | None
        """None for all classes."""
        level: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._table: list[MatrixRow] = []
        self._first = 0
        self._sums: ClassSums | None = None
        self.add_class("pane")
        self.border_title = content("Levels · what each would cost")

    # -- facts -------------------------------------------------------------------------------------------------------

    def watch_chart(self) -> None:
        """Sum up anew."""
        self._sums = ClassSums(self.chart) if self.chart is not None else None
        self._sum_up()

    def watch_pack(self) -> None:
        """Sum up anew."""
        self._sum_up()

    def watch_found(self) -> None:
        """Sum up anew."""
        if self.pack is None:
            self._sum_up()

    def watch_cursor(self) -> None:
        """Tell about the cell under the cursor."""
        self._tell()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._tell()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._tell()

    def on_resize(self) -> None:
        """Explain as much as fits."""
        self._tell()

    def _sum_up(self) -> None:
        before = len(self._table)
        if self._sums is not None and self.pack is not None and len(self.pack.levels) == self._sums.chunks.sum():
            self._table = matrix_rows(self._sums, self.pack)
        else:
            self._table = found_rows(self.found) if self.found else []
        if len(self._table) != before:
            self.refresh(layout=True)
        row, level = self.cursor
        self.set_reactive(LevelMatrix.cursor, (min(row, max(0, len(self._table) - 1)), level))
        self._tell()

    def _tell(self) -> None:
        row, level = self.cursor
        if self.has_focus and row < len(self._table) and level < len(self._table[row].costs):
            words = self._words(self._table[row], level)
        else:
            words = f"{FITS} fits  ▄ the pack is here  {WALL} deepest" if self._table else ""
        self.border_subtitle = content(words)
        self.repaint()

    def _words(self, row: MatrixRow, level: int) -> str:
        tokens = row.costs[level]
        words = [f"{row.name} {MARKS[level].name}: {number(tokens)} tokens"]
        budget = self._budget
        words.append("fits" if tokens <= budget else f"{number(tokens - budget)} too many")
        if row.quality:
            words.append(f"quality {percent(row.quality[level])}")
        elif row.held:
            words.append(f"holds {percent(row.held[level])}")
        if row.chunk_class and row.deepest == level:
            words.append("deepest")
        return " · ".join(words)

    @property
    def _budget(self) -> int:
        return self.pack.budget_tokens if self.pack else 0

    # -- drawing -----------------------------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows of a table that shows everything, for ``height: auto``."""
        return 2 + max(1, len(self._table)) + 2

    def rows(self, width: int, height: int) -> list[Row]:
        """Header, classes, total and quality."""
        if not self._table:
            return [[("The levels of each class stand here once files were read.", self.ink("head"))]]
        layout = layout_for(width, height, self._table)
        self._first = layouts.visible_rows(self._first, self.cursor[0], layout.body, len(self._table) - 1)
        head = self.ink("head")
        made: list[Row] = [[(line, head)] for line in layouts.header_lines(layout)]
        shown = range(self._first, min(len(self._table) - 1, self._first + layout.body))
        made += [self._line(at, layout) for at in shown]
        if layout.ruled:
            made.append([("─" * layout.width, self.ink("rule"))])
        made.append(self._line(len(self._table) - 1, layout, hidden=len(self._table) - 1 - len(shown)))
        if layout.rated:
            made.append([(layouts.quality_text(self._table[-1], layout), head)])
        return made

    def _line(self, at: int, layout: Layout, hidden: int = 0) -> Row:
        row = self._table[at]
        name_style = self.ink(f"class-{row.name}") if row.chunk_class else self.ink("cost")
        line: Row = [(layouts.name_text(row, layout, hidden), name_style)]
        budget, fit_style, wall_style = self._budget, self.ink("fits"), self.ink("wall")
        here = self.cursor[1] if self.has_focus and self.cursor[0] == at else -1
        for level in range(LEVELS):
            glyph, cost, fits, wall = layouts.cell_text(row, level, layout, budget)
            if level == here:
                line += [(glyph + cost + fits, self.ink("cursor")), (wall, wall_style)]
            else:
                mark = (glyph, self.ink(MARKS[level].variable))
                line += [mark, (cost, self._cost_style(row, level)), (fits, fit_style), (wall, wall_style)]
        line.append((layouts.packed_text(row, layout), self.ink("cost")))
        return line

    def _cost_style(self, row: MatrixRow, level: int) -> Style:
        if level > row.deepest:
            return self.ink("beyond")
        style = self.ink(MARKS[level].variable) if row.held and row.held[level] > 0 else self.ink("cost")
        return style if level != row.main_level else style + _BOLD

    # -- hands -------------------------------------------------------------------------------------------------------

    def action_move(self, rows: int, levels: int) -> None:
        """Move the cursor."""
        row, level = self.cursor
        self.cursor = (
            min(max(0, row + rows), max(0, len(self._table) - 1)), min(max(0, level + levels), LEVELS - 1)
        )  # fmt: skip

    def action_choose(self) -> None:
        """Set the deepest level of the class under the cursor."""
        row, level = self.cursor
        if self.pack is not None and row < len(self._table):
            self.post_message(self.LevelChosen(self._table[row].chunk_class, level))

    def on_click(self, event: events.Click) -> None:
        """Go to a cell and choose it."""
        at = event.get_content_offset(self)
        if at is None or not self._table:
            return
        layout = layout_for(self.size.width, self.size.height, self._table)
        level = layout.level_at(at.x)
        row = layout.row_at(at.y, self._first, len(self._table))
        if level is None or row is None:
            return
        self.cursor = (row, level)
        self.action_choose()
