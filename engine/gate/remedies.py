"""The nearest way out of a violation: the smallest thing that is enough, and the limit that would hold it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.gate.limits import roomier, roomier_percent
from engine.gate.measures import FileSize, Part
from engine.gate.rules import CLASS, Rule
from engine.gate.verdict import Growth
from engine.model import CLASSES, ChunkClass
from engine.visible import display_path, visible_name

_SPARE = (ChunkClass.LOCKFILE, ChunkClass.VENDORED, ChunkClass.GENERATED, ChunkClass.DATA)
"""Classes that a reader misses least, in that order."""


def for_file(rule: Rule, tokens: int, limit: int, parts: Sequence[Part], whole: int) -> tuple[str, int]:
    """A remedy for one file, and the line it is about."""
    raised = _raised(rule, tokens, whole)
    if not parts or limit <= 0:
        return raised, 1
    enough = [part for part in parts if tokens - part.tokens <= limit and part.tokens < tokens]
    if enough:
        least = min(enough, key=lambda part: part.tokens)
        named = f"lines {least.start_line}-{least.end_line} ({visible_name(least.name)}, {least.tokens:,} tokens)"
        return f"moving {named} to another file is enough; or {raised}", least.start_line
    return f"split it into {-(-tokens // limit):,} files or more; or {raised}", 1


def for_many(rule: Rule, files: Sequence[FileSize], limit: int, measured: int, whole: int) -> str:
    """A remedy for files that are too large together."""
    over, raised = measured - limit, _raised(rule, measured, whole)
    if rule.kind.key != CLASS:
        for name in _SPARE:
            at = CLASSES.index(name)
            spare = sum(file.classes[at] for file in files)
            if spare >= over:
                return f"leaving out its {name.value} files ({spare:,} tokens) is enough; or {raised}"
    elif rule.limit.percent is not None:
        # What is left out makes the whole smaller too: (measured - x) / (whole - x) must come down to the limit.
        share = rule.limit.percent / 100
        over = int((measured - share * whole) / (1 - share)) + 1 if share < 1 else over
    return f"{_fewest([(file.path, file.tokens) for file in files], over, 'leaving out')}; or {raised}"


def for_growth(rule: Rule, grown: Sequence[Growth], limit: int, measured: int, base: int) -> str:
    """A remedy for a repository that grew too much."""
    raised = _raised(rule, measured, base)
    rows = [(row.path, row.tokens) for row in grown if row.tokens > 0]
    return f"{_fewest(rows, measured - limit, 'taking back the growth of')}; or {raised}"


def for_grower(rule: Rule, measured: int, limit: int, before: int) -> str:
    """A remedy for one file that grew too much."""
    return f"put {measured - limit:,} tokens of it into another file; or {_raised(rule, measured, before)}"


def _raised(rule: Rule, tokens: int, whole: int) -> str:
    limit = roomier(tokens) if rule.limit.percent is None else roomier_percent(tokens, whole)
    return f"set {visible_name(rule.title)} to {limit}"


def _fewest(rows: Sequence[tuple[str, int]], over: int, doing: str) -> str:
    """The smallest single file that is enough, else how many of the largest are."""
    alone = [row for row in rows if row[1] >= over]
    if alone:
        path, tokens = min(alone, key=lambda row: (row[1], row[0]))
        return f"{doing} {display_path(path)} ({tokens:,} tokens) is enough"
    left, number = over, 0
    for _, tokens in sorted(rows, key=lambda row: -row[1]):
        if left <= 0:
            break
        left, number = left - tokens, number + 1
    return f"{doing} the {number:,} largest is enough" if left <= 0 else "no files of it are enough"
