"""One hit in numbers: what reading it costs at every level, with the running total, and what each signal adds."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.reactive import reactive

from tui.search_facts import SIGNALS, HitFacts
from tui.text import MARKS, bar, fit, mark, number
from tui.widgets.names import shown_name
from tui.widgets.painted import Painted, Row, css_colors

_NAMED, _BARE = 14, 4
"""Cells of a level with its name, and without."""
_PRICES, _SIGNALS = 37, 30
"""Cells of both blocks, at least."""
_NARROW = 24


class HitPanel(Painted):
    """Prices at the left, signals at the right, or below each other where there is no room."""

    PREFIX = "hit-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hit-panel--label", "hit-panel--name", "hit-panel--here",
        *(f"hit-panel--{known.variable}" for known in MARKS), *(f"hit-panel--{one.variable}" for one in SIGNALS),
    }  # fmt: skip
    DEFAULT_CSS = f"""
    HitPanel {{
        & > .hit-panel--label {{ color: $muted; }}
        & > .hit-panel--name {{ color: $foreground; text-style: bold; }}
        & > .hit-panel--here {{ color: $accent; text-style: bold; }}
        {css_colors("hit-panel", (known.variable for known in MARKS))}
        {css_colors("hit-panel", (one.variable for one in SIGNALS))}
    }}
    """

    hit: reactive[HitFacts | None] = reactive(None)
    """What to tell of."""

    def watch_hit(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The hit's name where there is room, then both blocks beside each other or one below the other."""
        hit = self.hit
        if hit is None or width < _NARROW:
            return []
        score = f"  hit {number(hit.rank)} · score {hit.score:.6f}"
        room = max(8, width - len(score))
        head: Row = [
            (shown_name(f"{hit.kind} {hit.symbol}".strip() or "chunk", room), self.ink("name")),
            (score[: max(0, width - 8)], self.ink("label")),
        ]  # fmt: skip
        if width >= _PRICES + _SIGNALS:
            rows = _beside(
                self._prices(hit, _NAMED), self._signals(hit, min(24, width - _PRICES - 20)), _PRICES, self.ink()
            )
            return ([head, *rows] if height > len(rows) else rows)[:height]
        stacked = [head, *self._prices(hit, _NAMED), *self._signals(hit, max(4, min(24, width - 21)))]
        if height >= len(stacked):
            return stacked
        bare = _PRICES - _NAMED + _BARE
        rows = _beside(
            self._prices(hit, _BARE), self._signals(hit, max(1, min(24, width - bare - 20))), bare, self.ink()
        )
        return ([head, *rows] if height > len(rows) else rows)[:height]

    def _prices(self, hit: HitFacts, label: int) -> list[Row]:
        """Tokens of the hit, and of all up to it, at each level and as the pack of the search has them."""
        head = (
            fit("level" if label == _NAMED else "", label)
            + fit("this", 8, right=True)
            + fit("up to it", 10, right=True)
        )
        made: list[Row] = [[(head, self.ink("label"))]]
        for level, (price, total) in enumerate(zip(hit.prices, hit.prices_total, strict=True)):
            known = mark(level)
            name = f" {known.name}" if label == _NAMED else ""
            made.append([
                (fit(f"{known.letter} {known.glyph}{name}", label), self.ink(known.variable)),
                (fit(number(price), 8, right=True) + fit(number(total), 10, right=True), self.ink()),
                (" ◂" if level == hit.level else "", self.ink("here")),
            ])  # fmt: skip
        own = mark(hit.level)
        packed = f"◂ packed {own.letter}" if label == _NAMED else f"◂ {own.letter}"
        made.append([
            (fit(packed, label), self.ink("here")),
            (fit(number(hit.tokens), 8, right=True) + fit(number(hit.total), 10, right=True), self.ink("name")),
        ])  # fmt: skip
        return made

    def _signals(self, hit: HitFacts, cells: int) -> list[Row]:
        """What each signal adds, as a number and as a share of the strongest; they add up to the score."""
        top = max((max(0.0, part) for part in hit.why), default=0.0) or 1.0
        return [
            [
                (f"{signal.letter} ", self.ink(signal.variable)), (fit(signal.word, 8), self.ink()),
                (fit(f"{part:.4f}", 8, right=True), self.ink("label" if part <= 0 else "name")),
                (" " + bar(max(0.0, part) / top, cells), self.ink(signal.variable)),
            ]
            for signal, part in zip(SIGNALS, hit.why, strict=True)
        ]  # fmt: skip


def _beside(left: list[Row], right: list[Row], width: int, plain: Style) -> list[Row]:
    """Two blocks of rows, the second from a column on."""
    made: list[Row] = []
    for at in range(max(len(left), len(right))):
        row = left[at] if at < len(left) else []
        used = sum(cell_len(text) for text, _ in row)
        made.append([*row, (" " * (width - used), plain), *(right[at] if at < len(right) else [])])
    return made
