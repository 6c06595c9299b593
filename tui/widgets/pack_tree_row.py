"""One row of the tree as segments: guides, name, level, tokens, bar."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment

from engine.model import CLASSES
from tui.text import MARKS, fit, mark, middle, number, path_text, percent, short_number
from tui.tree import Kind, RowFacts
from tui.widgets.pack_tree_columns import CLASS_PAINT, SHORT_CLASSES, Columns
from tui.widgets.row_source import Paint
from tui.widgets.two_tone_bar import two_tone

LEVEL_PAINT = tuple(f"pack-tree--{mark.variable}" for mark in MARKS)
"""Component class by level."""
_LONGEST_NAME = 4_096
"""Characters of a name that are looked at; no terminal is as wide."""
_PINNED, _PART_PINNED, _EXCLUDED, _CHANGED = "◆", "◇", "×", "±"


def row_segments(facts: RowFacts, columns: Columns, paint: Paint) -> list[Segment]:
    """Draw a row in exactly the cells of its columns."""
    dim = facts.is_absent
    quiet = paint("pack-tree--absent") if dim else paint("pack-tree--number")
    if facts.kind is None:
        # A heading has neither class nor level, so it may take their cells.
        columns = replace(columns, name=columns.name + columns.chunk_class + columns.mark, chunk_class=0, mark=0)
    parts = _name(facts, columns.name, paint)
    if columns.chunk_class:
        known = facts.chunk_class >= 0
        text = SHORT_CLASSES[CLASSES[facts.chunk_class]] if known else ""
        parts.append(
            Segment(fit(f"  {text}", columns.chunk_class), paint(CLASS_PAINT[facts.chunk_class]) if known else None)
        )
    if columns.mark:
        parts += _mark(facts, columns.mark, paint)
    if columns.full:
        parts.append(Segment(_tokens(facts.full, columns.full), quiet))
    if columns.packed:
        # Even what is left out may have an entry in the pack's list of files.
        absent = "·" if dim and facts.packed <= 0 else ""
        parts.append(
            Segment(_tokens(facts.packed, columns.packed, absent), quiet if dim else paint("pack-tree--packed"))
        )
    if columns.bar:
        strong, weak, rest = two_tone(facts.share, facts.kept, columns.bar - 2)
        parts += [
            Segment("  "), Segment(strong, paint("pack-tree--bar-packed")), Segment(weak, paint("pack-tree--bar-rest")),
            Segment(rest),
        ]  # fmt: skip
    if columns.share:
        text = percent(facts.of_pack) if facts.packed >= 0 and not dim else ""
        parts.append(Segment(fit(text, columns.share, right=True), quiet))
    if columns.value:
        parts.append(
            Segment(fit(_value(facts.value) if facts.kind is not None else "", columns.value, right=True), quiet)
        )
    return parts


def _name(facts: RowFacts, width: int, paint: Paint) -> list[Segment]:
    guides = "".join("  " if is_last else "│ " for is_last in facts.guides[1:-1])
    if len(facts.guides) > 1:
        guides += "└ " if facts.guides[-1] else "├ "
    if len(guides) > width // 2:
        # Deep down, the nearest levels say most; the depth stays readable.
        note = f"{len(facts.guides) - 1}… "
        guides = note + guides[-max(2, width // 2 - len(note)) // 2 * 2 :]
    twisty = ("▾ " if facts.is_open else "▸ ") if facts.is_openable else "  "
    signs = _signs(facts)
    changed = f" {_CHANGED}{short_number(facts.changed)}" if facts.changed else ""
    room = max(1, width - len(guides) - 2 - (len(signs) + 1 if signs else 0) - len(changed))
    parts = [Segment(guides, paint("pack-tree--guide")), Segment(twisty, paint("pack-tree--twisty"))]
    parts += _label(facts, room, paint)
    if changed:
        parts.append(Segment(changed, paint("pack-tree--changed")))
    if signs:
        parts.append(Segment(" " + signs, paint("pack-tree--excluded" if facts.is_excluded else "pack-tree--pinned")))
    return parts


def _label(facts: RowFacts, room: int, paint: Paint) -> list[Segment]:
    name = facts.name
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME // 2] + name[-_LONGEST_NAME // 2 :]
    name = path_text(name)
    if facts.kind is None:
        style = paint("pack-tree--left-out")
        return [Segment(fit(f"{name}: {facts.what}", room), style)]
    if facts.is_absent:
        style = paint("pack-tree--absent")
    elif facts.kind is Kind.FOLDER:
        style = paint("pack-tree--folder")
    else:
        style = paint("pack-tree--file" if facts.kind is Kind.FILE else "pack-tree--chunk")
    if facts.kind is not Kind.CHUNK or not facts.what:
        return [Segment(fit(middle(name, room), room), style)]
    what = fit(path_text(facts.what[:_LONGEST_NAME]), min(len(facts.what), room // 2)) + " "
    rest = max(1, room - len(what))
    return [
        Segment(what, paint("pack-tree--absent" if facts.is_absent else "pack-tree--kind")),
        Segment(fit(middle(name, rest), rest), style),
    ]  # fmt: skip


def _signs(facts: RowFacts) -> str:
    if facts.is_excluded:
        return _EXCLUDED
    if facts.pinned:
        letter = mark(facts.pin_level).letter if facts.pin_level >= 0 else ""
        return (_PINNED if facts.pinned == 2 else _PART_PINNED) + letter
    return ""


def _mark(facts: RowFacts, width: int, paint: Paint) -> list[Segment]:
    """Letter of the (main) level and its glyph; where levels mix, several glyphs in proportion."""
    if facts.level < 0:
        return [Segment(" " * width)]
    own = mark(facts.level)
    parts = [Segment(f"  {own.letter} ", paint(LEVEL_PAINT[facts.level]))]
    levels = facts.mix or (facts.level,)
    parts += [Segment(mark(level).glyph, paint(LEVEL_PAINT[level])) for level in levels]
    parts.append(Segment(" " * (width - 4 - len(levels))))
    return parts


def _tokens(tokens: int, width: int, absent: str = "") -> str:
    return fit(absent or (number(tokens) if tokens >= 0 else ""), width, right=True)


def _value(value: float) -> str:
    if value >= 1000:
        return number(round(value))
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
