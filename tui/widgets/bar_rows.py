"""Rows of the window bar: the bar itself, its scale, its legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.style import Style

from tui.text import number, short_number
from tui.widgets.bar_layout import cell_at, cells, nice_step, runs
from tui.widgets.painted import Row
from tui.widgets.window_parts import ANSWER, BEYOND, FREE, RESERVE, UNUSED, Part

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LABEL_CELLS = 14
"""Cells between two ticks, at least."""


@dataclass(frozen=True, slots=True)
class Brush:
    """Styles by part, as the widget gives them."""

    ink: Callable[..., Style]
    solid: Callable[..., Style]


def bar_row(
    brush: Brush,
    parts: Sequence[Part],
    total: int,
    width: int,
    handle: int,
    *,
    thin: bool = False,
    named: bool = True,
    marks_over: bool = True,
) -> Row:
    """Draw the parts to scale, with a handle at the budget.

    Args:
        brush: Styles.
        parts: What to draw, from left to right.
        total: Tokens that the width stands for.
        width: Cells.
        handle: Budget in tokens.
        thin: Draw half as high, without names.
        named: Write names and letters into the parts.
        marks_over: Mark what is beyond the handle; what a scan found is not meant to fit.
    """
    laid = cells([part.tokens for part in parts], total, width)
    drawn: Row = []
    for cell in laid:
        left, right = parts[cell.left], parts[cell.right]
        if thin or (left.fill and (right.fill or cell.eighths >= 4)):
            part = left if cell.eighths >= 4 else right
            drawn.append((part.thin if thin else part.fill, brush.ink(part.key)))
        elif cell.left == cell.right:
            drawn.append((" ", brush.solid(left.key)))
        elif right.fill:
            drawn.append((_EIGHTHS[max(1, cell.eighths)], brush.ink(left.key)))
        elif left.fill:
            drawn.append((" ", brush.solid(right.key)))
        else:
            drawn.append((_EIGHTHS[cell.eighths], brush.solid(left.key, right.key)))
    if named and not thin:
        for part_at, first, end in runs(laid):
            _write(drawn, _label(parts[part_at], end - first), first, parts[part_at], brush)
    used = sum(part.tokens for part in parts if part.key not in (FREE, BEYOND, ANSWER, RESERVE, UNUSED))
    if marks_over and 0 < handle < used:
        for at in range(cell_at(handle, total, width) + 1, cell_at(used, total, width) + 1):
            drawn[at] = ("▞", brush.ink("over"))
    if 0 < handle <= total:
        drawn[cell_at(handle, total, width)] = ("▌" if thin else "┃", brush.ink("handle"))
    return drawn


def _label(part: Part, cells: int) -> str:
    """What fits into the part: name and tokens, name, letter or nothing."""
    if not part.name:
        return ""
    if part.fill and part.fill != " ":
        wanted = f" {part.name} "
        return wanted if len(wanted) + 2 <= cells else ""
    offset = 1 if part.fill else 0
    for text in (f" {part.name} {short_number(part.tokens)}", f" {part.name}", part.name, part.letter):
        if len(text) + offset + (0 if text == part.letter else 1 - offset) <= cells:
            return text
    return ""


def _write(drawn: Row, text: str, first: int, part: Part, brush: Brush) -> None:
    style = brush.ink(part.key) if part.fill else brush.solid(part.key)
    offset = 1 if part.fill and text else 0
    for at, character in enumerate(text):
        drawn[first + offset + at] = (character, style)


def scale_row(brush: Brush, total: int, width: int, handle: int) -> Row:
    """Ticks with round numbers, and the budget's own."""
    step = nice_step(total, max(1, width // _LABEL_CELLS))
    line = [" "] * width
    amounts = [amount for amount in range(0, total, step) if (total - amount) * width >= 8 * total]
    for amount in amounts:
        at = cell_at(amount, total, width)
        text = ("╵" if amount else "") + short_number(amount)
        line[at : at + len(text)] = text
    end = f"{short_number(total)}╵"
    line[width - len(end) :] = end
    tick, mark = brush.ink("tick"), brush.ink("handle")
    if not 0 < handle <= total:
        return [("".join(line[:width]), tick)]
    at, words = cell_at(handle, total, width), number(handle)
    text, first = (f"▲{words}", at) if at + len(words) < width else (f"{words}▲", at - len(words))
    # A number that the budget's would touch says less than the budget's.
    for side in (range(first - 1, -1, -1), range(first + len(text), width)):
        for cell in side:
            if line[cell] == " ":
                break
            line[cell] = " "
    return [
        ("".join(line[:first]), tick), (text, mark), ("".join(line[first + len(text) : width]), tick),
    ]  # fmt: skip


def legend_row(brush: Brush, parts: Sequence[Part], width: int) -> Row:
    """Name the parts with their tokens, the largest first, and say how many did not fit."""
    shown = [part for part in parts if part.tokens > 0]
    ranked = sorted(shown, key=lambda part: (part.key == FREE, -part.tokens))
    words = {part.key: f" {part.name} {short_number(part.tokens)}" for part in shown}
    kept: set[str] = set()
    room = width
    for part in ranked:
        cells_needed = 1 + len(words[part.key]) + 2
        rest = len(ranked) - len(kept) - 1
        if cells_needed + (len(f"+{rest} more") if rest else 0) > room + (0 if rest else 2):
            break
        kept.add(part.key)
        room -= cells_needed
    row: Row = []
    for part in shown:
        if part.key in kept:
            mark = (part.letter, brush.ink(part.key) if part.fill else brush.solid(part.key))
            row += [mark, (words[part.key] + "  ", brush.ink("legend"))]
    if left := len(shown) - len(kept):
        row.append((f"+{left} more", brush.ink("tick")))
    return row
