"""The only module that turns data into what widgets show: hostile text, numbers, paths, bars, marks of levels.

Widgets read markup in ``str``, so repository data goes through here and leaves as ``Content``, ``Text`` or plain text
that is only ever put into a ``Segment``.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.content import Content

from engine.model import Level
from engine.visible import display_path, visible_name, visible_text

ELLIPSIS = "…"
_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a level looks without colour."""

    glyph: str
    """One cell; the fuller the level, the taller."""
    letter: str
    """One letter that no other level has."""
    name: str
    """The word of the product for it."""
    variable: str
    """Theme variable of its colour, without the dollar sign."""


MARKS: tuple[Mark, ...] = (
    Mark("█", "F", "full", "level-full"),
    Mark("▆", "T", "trimmed", "level-trimmed"),
    Mark("▅", "C", "condensed", "level-condensed"),
    Mark("▃", "P", "capsule", "level-capsule"),
    Mark("▂", "O", "outline", "level-outline"),
    Mark("▁", "E", "emergency", "level-emergency"),
    Mark("·", "-", "omitted", "level-omitted"),
)
"""By level, 0 to 6."""


def mark(level: int) -> Mark:
    """Mark of a level; anything beyond the deepest is omitted."""
    return MARKS[min(max(level, 0), Level.OMITTED)]


def content(text: str) -> Content:
    """Wrap data for a Textual widget: no markup is read, nothing invisible stays, one line."""
    return Content(visible_name(text))


def typed(text: str) -> str:
    """What a person may have typed of a text that was pasted: one line, nothing invisible, nothing that steers."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_typed(character) for character in text)


def _typed(character: str) -> str:
    if character == "\\" or display_path(character) == character:
        return character
    return " " if character.isspace() else ""


def rich_text(text: str) -> Text:
    """Wrap data for a table or a tree: no markup is read, one line."""
    return Text(visible_name(text), no_wrap=True)


def path_text(path: str) -> str:
    """Write a path with everything invisible as an escape; different paths stay different."""
    return display_path(path)


def lines_of(text: str, tab_cells: int = 4) -> list[str]:
    """Split repository text into lines that may be put into segments: controls as symbols, tabs as spaces."""
    return visible_text(text).expandtabs(tab_cells).split("\n")


def number(value: int) -> str:
    """Write a number the one way it is written everywhere: ``41,208``."""
    return f"{value:,}"


def short_number(value: int) -> str:
    """Write a number in at most five cells, for scales: ``41.2k``, ``1.05M``."""
    for limit, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if abs(value) >= limit:
            scaled = value / limit
            digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
            return f"{scaled:.{digits}f}".rstrip("0").rstrip(".") + unit if digits else f"{scaled:.0f}{unit}"
    return str(value)


def percent(share: float) -> str:
    """Write a fraction as a percentage that never says 0 % or 100 % of what is not."""
    if 0 < share < 0.0005:
        return "<0.1 %"
    if 0.9995 <= share < 1:
        return "99.9 %"
    return f"{100 * share:.1f} %"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Cut or pad to exactly ``width`` cells; what is cut ends in an ellipsis."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1) + ELLIPSIS if width > 1 else ELLIPSIS
        length = cell_len(text)
    space = " " * (width - length)
    return space + text if right else text + space


def middle(text: str, width: int) -> str:
    """Shorten from the middle to at most ``width`` cells: both ends of a path say most."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    # A name of a megabyte must not be measured whole for each end.
    tail_cells = (width - 1) * 2 // 3
    head_cells = width - 1 - tail_cells
    head = set_cell_size(text[: 2 * width], head_cells).rstrip(" ")
    tail = text[-2 * width :]
    while cell_len(tail) > tail_cells:
        tail = tail[1:]
    return head + ELLIPSIS + tail


def short_path(path: str, width: int) -> str:
    """Write a path in at most ``width`` cells, shortened from the middle."""
    return middle(display_path(path), width)


def bar(share: float, width: int) -> str:
    """Draw a share of ``width`` cells in eighths; anything above zero shows."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0 and eighths == 0:
        eighths = 1
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)
