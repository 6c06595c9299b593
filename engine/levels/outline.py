"""Names: the level-4 fragment of a chunk and the few names of a file's one line."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from engine.chunk.spans import FileChunks, Role, Span, Trait
from engine.levels.retention import word_count
from engine.levels.rules import Rules
from engine.levels.shape import size_line
from engine.model import ChunkClass

MOST_NAMES = 6
"""Names on the one line of a file."""

_KEYS = 12
_NAME_CHARS = 80
_FUNCTIONS = frozenset({"function", "method"})
_LISTS = frozenset({"table", "const"})
"""Kinds whose chunks define several names of one rank."""
_PUBLIC = 8.0
_TOP = 2.0


def has(traits: Trait, wanted: Trait) -> bool:
    """Whether ``wanted`` is set; ``&`` of enumerations costs a microsecond, which is felt 50,000 times."""
    return int.__and__(traits, wanted) != 0


def short_name(file: FileChunks, span: Span) -> str:
    """The chunk's symbol without the scope it stands in; ``""`` where it only repeats the scope's."""
    name = span.symbol
    if span.parent >= 0:
        scope = file.spans[span.parent].symbol
        if scope == name:
            return ""
        if scope and len(name) > len(scope) + 1 and name.startswith(scope) and name[len(scope)] in ".:#/ ":
            name = name[len(scope) :].lstrip(".:#/ ")
    return name if len(name) <= _NAME_CHARS else name[: _NAME_CHARS - 1] + "…"


def fragment(
    file: FileChunks, index: int, chunk_class: ChunkClass, style: str, size_bytes: int, rules: Rules
) -> tuple[str, int]:
    """What level 4 shows of chunk ``index``, ``""`` when nothing is left, and the units of information in it.

    Names count; the word for the kind does not, and a count of lines is worth one listed word.
    """
    span = file.spans[index]
    if style == "bulk":
        return size_line(span.end - span.start, size_bytes), rules.measure.listed_units
    if style == "comment":
        return "", 0
    kind = span.kind
    if kind == "import":
        lines = file.roles.count(Role.IMPORT, span.start, span.end)
        return f"imports {lines or span.end - span.start}", rules.measure.listed_units
    word = rules.outline.get(kind)
    if word is None:
        return "", 0
    if kind in _FUNCTIONS:
        word = rules.functions.get(file.language, word)
    if has(span.traits, Trait.FIXTURE):
        word = "fixture"
    elif chunk_class is ChunkClass.TESTS and kind in _FUNCTIONS and has(span.traits, Trait.TEST):
        word = "test"
    defined = [name for name in file.defines[index] if name] if kind in _LISTS else []
    if kind == "table" or len(defined) > 1:
        name = ", ".join(defined[:_KEYS]) + (", …" if len(defined) > _KEYS else "")
        name = name or short_name(file, span)
    else:
        name = short_name(file, span)
    if not name:
        return "", 0
    return f"{word} {name}" if word else name, word_count(name) * rules.measure.name_units


def ranked_names(file: FileChunks, classes: Sequence[ChunkClass], rules: Rules) -> list[tuple[str, int]]:
    """The most important names of a file, best first, at most ``MOST_NAMES``, each with the chunk that has it.

    Kind decides first, then public before private, top level before nested, and the longer scope before the shorter.

    Args:
        file: the chunks.
        classes: one class per chunk.
        rules: what each kind is worth.
    """
    best: dict[str, tuple[float, int]] = {}
    worth_of = rules.importance.get
    spans = file.spans
    sizes = _scope_lines(spans)
    last_class, bulk = None, False
    for index, span in enumerate(spans):
        worth = worth_of(span.kind)
        if worth is None:
            continue
        chunk_class = classes[index]
        if chunk_class is not last_class:
            last_class, bulk = chunk_class, rules.classes[chunk_class].style == "bulk"
        if bulk:
            continue
        names = file.defines[index] if span.kind == "table" else [short_name(file, span)]
        for name in names[:MOST_NAMES]:
            if not name:
                continue
            score = worth * (1 + log2(1 + sizes[index]) / 8)
            if name[0] != "_":
                score *= _PUBLIC
            if span.parent < 0:
                score *= _TOP
            known = best.get(name)
            if known is None or known[0] < score:
                best[name] = (score, index)
    order = sorted([(-score, index, at, name) for at, (name, (score, index)) in enumerate(best.items())])
    return [(name, index) for _, index, _, name in order[:MOST_NAMES]]


def _scope_lines(spans: Sequence[Span]) -> list[int]:
    """Lines of each chunk and of all chunks inside its scope; parents stand before their children."""
    sizes = [span.end - span.start for span in spans]
    for index in range(len(spans) - 1, -1, -1):
        parent = spans[index].parent
        if 0 <= parent < index:
            sizes[parent] += sizes[index]
    return sizes
