"""Builds the ladder of every chunk of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.chunk.source import SourceText
from engine.chunk.spans import FileChunks, Span, Trait
from engine.levels.bulk import fold_bulk
from engine.levels.comments import comment_depths
from engine.levels.folds import Folded, fold_lines
from engine.levels.ladder import Ladder
from engine.levels.outline import fragment, has, ranked_names
from engine.levels.retention import Meter, word_count
from engine.levels.rules import FIXTURES, ClassRule, Rules, load_rules
from engine.levels.values import fold_values
from engine.model import ChunkClass
from engine.plugins import installed

if TYPE_CHECKING:
    from engine.levels.plugged import Asked


_HEAD = (3, 1)
"""Lines that levels 2 and 3 keep for a plugin of which they would keep nothing, where the class has no say."""


class Degraded(NamedTuple):
    """The levels of a file."""

    ladders: list[Ladder]
    """One per chunk, in order."""
    names: list[str]
    """The most important names of the file, best first."""


def degrade(
    source: SourceText, file: FileChunks, classes: Sequence[ChunkClass], failed: list[str] | None = None
) -> Degraded:
    """Edits, outline fragment and measured retention of every chunk, and the names that stand for the file.

    Args:
        source: text of the file.
        file: its chunks and line roles.
        classes: one class per chunk.
        failed: receives what a plugin failed at, in the form of ``FileChunks.note``.

    Returns:
        Levels that nest: each keeps a subset of the lines of the one above it.
    """
    rules = load_rules()
    measure = rules.measure
    data, starts = source.data, source.line_starts
    meter = Meter(data, starts, file.roles, measure)
    share = meter.share
    listed: dict[int, float] = {}
    names = ranked_names(file, classes, rules)
    for name, index in names:
        listed[index] = listed.get(index, 0) + word_count(name) * measure.listed_units
    path_share = measure.path_units / max(1, len(file.spans))
    plugins = _plugins_of(data, file)

    ladders: list[Ladder] = []
    rule, last_class, last_traits = rules.classes[FIXTURES], None, None
    for index, span in enumerate(file.spans):
        chunk_class = classes[index]
        if chunk_class is not last_class or span.traits is not last_traits:
            last_class, last_traits = chunk_class, span.traits
            rule = _rule_of(rules, chunk_class, span)
        total = meter.units(span.start, span.end)
        edits, lost = _fold(data, file, span, rule, meter, rules, starts, total, plugins, chunk_class)
        size = starts[span.end] - starts[span.start]
        outline, units = fragment(file, index, chunk_class, rule.style, size, rules)
        if total:
            kept = total - lost[2]
            # A size says little about what it is the size of, however small that is.
            named = min(kept // 4 if rule.style == "bulk" else kept, units)
            told = min(named, listed.get(index, 0) + path_share)
            first = share(total - lost[0], total) if lost[0] else 1.0
            second = first if lost[1] == lost[0] else share(total - lost[1], total)
            third = second if lost[2] == lost[1] else share(kept, total)
            fourth = share(named, total)
            retention = (1.0, first, second, third, fourth, fourth if told == named else share(told, total))
        else:
            # Layout holds no information, so nothing is lost while something of its file is shown line by line.
            retention = (1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
        ladders.append(Ladder(edits, outline, retention))
    if failed is not None and plugins is not None and plugins.note:
        failed.append(plugins.note)
    return Degraded(ladders, [name for name, _ in names])


def _plugins_of(data: bytes, file: FileChunks) -> Asked | None:
    if not installed("packsight.levels"):
        return None
    from engine.levels.plugged import asked

    return asked(data, file)


def _rule_of(rules: Rules, chunk_class: ChunkClass, span: Span) -> ClassRule:
    if chunk_class is ChunkClass.TESTS and has(span.traits, Trait.FIXTURE):
        return rules.classes[FIXTURES]
    return rules.classes[chunk_class]


def _fold(
    data: bytes,
    file: FileChunks,
    span: Span,
    rule: ClassRule,
    meter: Meter,
    rules: Rules,
    starts: list[int],
    total: int,
    plugins: Asked | None,
    chunk_class: ChunkClass,
) -> Folded:
    given = plugins.depths(span, chunk_class) if plugins is not None else None
    if given is not None:
        kept = given if 3 in given else _keep_head(given, span.start, meter, rule.head if any(rule.head) else _HEAD)
        return fold_lines(data, starts, span.start, kept, meter.prefix, rules.fold)
    if rule.style == "bulk":
        return fold_bulk(data, starts, file, span, meter, rules, total)
    first, end = span.start, span.end
    if rule.style == "comment":
        depths: bytes | bytearray = comment_depths(data, starts, meter.counts, file.roles, first, end, rule.depth)
    else:
        depths = file.roles[first:end].translate(rule.depth)
    if 3 not in depths:
        depths = _keep_head(depths, first, meter, rule.head)
    folded = fold_lines(data, starts, first, depths, meter.prefix, rules.fold)
    if rule.style == "values" and starts[end] - starts[first] > rules.fold.value_bytes:
        weights, longest = rules.measure.weights, rules.fold.value_bytes
        return fold_values(data, starts, first, depths, folded, meter, file.roles, weights, longest)
    return folded


def _keep_head(depths: bytes | bytearray, first: int, meter: Meter, head: tuple[int, int]) -> bytes | bytearray:
    """A chunk of which a level would keep nothing keeps its first lines, so that it leaves a trace."""
    counts = meter.counts
    for level, most in ((2, head[1]), (1, head[0])):
        told = [offset for offset, depth in enumerate(depths) if depth == level and counts[first + offset]]
        if told:
            kept = bytearray(depths)
            for offset in told[:most]:
                kept[offset] = 2
            for offset in told[: head[1]]:
                kept[offset] = 3
            return kept
    return depths
