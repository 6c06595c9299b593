"""Why a chunk has the level it has, in a few aligned words."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from rich.style import Style
from textual.geometry import Size
from textual.reactive import var

from engine.live import Why
from engine.visible import visible_name
from tui.text import MARKS, fit, mark, number, percent
from tui.widgets.painted import Painted, Row

_LABEL_CELLS = 10
_MOST_REASON_ROWS = 3


class WhyPanel(Painted):
    """Level, value, retention, cost, reason, and what the next fuller level would add."""

    PREFIX = "why-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "why-panel--label", "why-panel--next", *(f"why-panel--{known.variable}" for known in MARKS),
    }  # fmt: skip
    DEFAULT_CSS = f"""
    WhyPanel {{
        height: auto; background: $background; color: $foreground;
        .why-panel--label {{ color: $muted; }}
        .why-panel--next {{ color: $accent; }}
        {"".join(f".why-panel--{known.variable} {{ color: ${known.variable}; }}" for known in MARKS)}
    }}
    """

    why: var[Why | None] = var(None)
    """What to explain; nothing is shown when there is nothing to explain."""
    is_compact: var[bool] = var(False)
    """Say it in one row."""

    def watch_why(self) -> None:
        """Explain something else."""
        self.repaint()
        # Laying the screen out costs many times what this draws.
        if len(self.rows(self.size.width, 99)) != self.size.height:
            self.refresh(layout=True)

    def watch_is_compact(self) -> None:
        """Take more or fewer rows."""
        self.watch_why()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are words for."""
        return len(self.rows(width, 99))

    def rows(self, width: int, height: int) -> list[Row]:
        """Lay the words out in two columns."""
        why = self.why
        if why is None or width < 4:
            return []
        known, plain = mark(why.level), self.ink()
        level = self.ink(known.variable)
        if self.is_compact:
            words = f"· {percent(why.retention)} kept · {self.next_words(why) or why.reason}"
            return [
                [(f"{known.glyph} {known.letter} {known.name}", level), (fit(" " + visible_name(words), width), plain)]
            ]
        rows: list[Row] = [
            [*self._label("packed"), (f"{known.glyph} {known.letter} {known.name}", level)],
            [*self._label("tokens"), (f"{number(why.tokens)} of {number(why.tokens_full)}", plain)],
            [*self._label("kept"), (f"{percent(why.retention)} of what it says", plain)],
            [*self._label("value"), (f"{why.value:.3g}", plain)],
        ]
        if width >= 60:
            rows = [[*_to(left, min(width // 2, 44), plain), *right] for left, right in (rows[0:2], rows[2:4])]
        room = max(10, width - _LABEL_CELLS)
        reason = wrap(visible_name(why.reason), room, max_lines=_MOST_REASON_ROWS, placeholder=" …")
        for index, words in enumerate(reason):
            rows.append([*self._label("why" if not index else ""), (words, plain)])
        if following := self.next_words(why):
            rows.append([*self._label("next"), (fit(following, width - _LABEL_CELLS).rstrip(), self.ink("next"))])
        return rows

    @staticmethod
    def next_words(why: Why) -> str:
        """What the next fuller level would cost and keep: ``trimmed +212 tokens → 97.0 % kept``."""
        if why.next_level is None:
            return ""
        name = mark(why.next_level).name
        return f"{name} {why.next_tokens:+,} tokens → {percent(why.next_retention)} kept"

    def _label(self, word: str) -> Row:
        return [(fit(word, _LABEL_CELLS), self.ink("label"))]


def _to(row: Row, width: int, plain: Style) -> Row:
    """Fill a row up to a column."""
    used = sum(len(text) for text, _ in row)
    return [*row, (" " * max(2, width - used), plain)]
