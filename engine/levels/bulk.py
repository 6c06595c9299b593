"""Levels of data, generated, vendored and locked text: whole, head and tail, shape."""

from __future__ import annotations

from itertools import chain

from engine.chunk.spans import FileChunks, Role, Span
from engine.levels.folds import Folded, indentation, marker
from engine.levels.ladder import MARKER
from engine.levels.retention import Meter, word_count
from engine.levels.rules import Rules
from engine.levels.shape import NAME_LIMITS, shape, size_line
from engine.model import Edit


def fold_bulk(
    data: bytes, starts: list[int], file: FileChunks, span: Span, meter: Meter, rules: Rules, total: int
) -> Folded:
    """Level 1 is level 0; level 2 keeps head and tail with long lines cut; level 3 is one line that says the shape."""
    rule, weights, roles = rules.fold, rules.measure.weights, file.roles
    first, end = span.start, span.end
    whole: list[Edit] = []
    edits: list[Edit] = []
    lost = 0
    head, tail = first + rule.head_lines, end - rule.tail_lines
    fold: Edit | None = None
    if head < tail:
        text = marker(indentation(data, starts[head], rule.indent_bytes), tail - head)
        if starts[tail] - starts[head] >= len(text) + 2 + rule.saves_bytes:
            fold = Edit(starts[head], starts[tail], text)
            lost += meter.units(head, tail)
    kept = [range(first, head), range(tail, end)] if fold else [range(first, end)]
    if starts[end] - starts[first] > rule.cut_bytes:
        for line in chain.from_iterable(kept):
            if fold and line == tail:
                edits.append(fold)
            cut = _cut(data, starts[line], starts[line + 1], rule.cut_bytes)
            if cut:
                edits.append(cut)
                lost += meter.words(cut.start, cut.end + 1) * weights[roles[line]]
    elif fold:
        edits.append(fold)
    small = _shape_edit(data, starts, file.language, span, edits)
    if small is None:
        return Folded((whole, edits, edits), (0, lost, lost))
    # The shape never counts for more than level 2 kept.
    said = word_count(small.replacement) * weights[Role.CODE]
    return Folded((whole, edits, [small]), (0, lost, max(lost, total - said)))


def _cut(data: bytes, start: int, end: int, longest: int) -> Edit | None:
    while end > start and data[end - 1] in b"\r\n":
        end -= 1
    if end - start <= longest + len(MARKER.encode()):
        return None
    cut = start + longest
    while cut > start and data[cut] & 0xC0 == 0x80:  # never inside a character
        cut -= 1
    return Edit(cut, end, MARKER)


def _shape_edit(data: bytes, starts: list[int], language: str, span: Span, edits: list[Edit]) -> Edit | None:
    start, end = starts[span.start], starts[span.end]
    shown = end - start + sum(len(e.replacement.encode()) - (e.end - e.start) for e in edits)
    for most in NAME_LIMITS:
        text = shape(data, starts, language, span, most)
        if len(text.encode()) < shown:
            return Edit(start, end, text)
    text = f"{MARKER} {size_line(span.end - span.start, end - start)}\n"
    return Edit(start, end, text) if len(text.encode()) < shown else None
