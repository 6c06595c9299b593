"""Rules as written (TOML tables or configuration) turned into checked ``Rule`` values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from engine.chunk.spans import Role, Trait
from engine.classify.globs import is_glob, name_regex, path_regex
from engine.errors import InputError
from engine.model import ChunkClass

PATH_KEYS = (
    "paths",
    "dirs",
    "unless_dirs",
    "names",
    "suffixes",
    "languages",
    "unless_languages",
    "attributes",
    "unless_attributes",
    "whole",
)
"""Conditions that a path answers."""
CHUNK_KEYS = (
    "in_classes",
    "kinds",
    "unless_kinds",
    "traits",
    "file_traits",
    "notes",
    "parents",
    "file_defines",
    "unless_file_defines",
    "min_lines",
    "min_file_lines",
    "chunk_languages",
    "head",
    "head_roles",
    "mostly_roles",
    "unless_only_roles",
    "methods",
    "file_rules",
    "unless_file_rules",
)
"""Conditions that the content answers."""
ATTRIBUTES = (
    "generated",
    "vendored",
    "documentation",
    "converted",
    "not-generated",
    "not-vendored",
    "not-documentation",
)
"""Words of ``SourceFile.attributes``."""
CLASSES = tuple(one.value for one in ChunkClass)
TRAITS = tuple(str(one.name).lower() for one in Trait)
ROLES = tuple(one.name.lower() for one in Role)
NO_SUFFIX = "none"
"""The word of ``suffixes`` for a name without a dot."""
NO_LANGUAGE = "unknown"
"""The word of ``languages`` for a file whose language nothing tells."""
WHOLE = frozenset({ChunkClass.DATA, ChunkClass.GENERATED, ChunkClass.VENDORED, ChunkClass.LOCKFILE})
"""Classes that are taken as one chunk unless a rule says otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Conditions that are present must all hold; an empty one always holds."""

    id: str
    chunk_class: ChunkClass
    reason: str
    """Why, in words that follow a path: ``a directory of tests``."""
    whole: bool
    """For path rules: the file is one chunk."""
    about_chunks: bool
    """Decided by content (second stage), not by path."""
    lists: Mapping[str, tuple[str, ...]]
    """Conditions that are lists of words or globs, in lower case."""
    min_lines: int = 0
    """Lines of the chunk that are not blank, at least."""
    min_file_lines: int = 0
    """Lines of the file, at least."""
    head: str = ""
    """Text that the first bytes of the file hold."""


def parse_rules(tables: Sequence[Mapping[str, object]], source: str, prefix: str = "") -> list[Rule]:
    """Check tables and turn them into rules, in order.

    Args:
        tables: One mapping per rule.
        source: Where they were written, for messages.
        prefix: For rules of others: put before ids that are missing (``prefix-1`` and so on); such rules must have a
            condition.

    Raises:
        InputError: an unknown key or word, a wrong type, a rule that mixes path and content conditions, a repeated id.
    """
    rules: list[Rule] = []
    seen: set[str] = set()
    for number, table in enumerate(tables, 1):
        rule = _parse(table, f"{source}: rule {number}", f"{prefix or 'rule'}-{number}", foreign=bool(prefix))
        if rule.id in seen:
            raise InputError(f"{source}: rule {number}: the id {rule.id!r} is used twice", "give every rule its own id")
        seen.add(rule.id)
        rules.append(rule)
    return rules


def _parse(table: Mapping[str, object], where: str, fallback_id: str, *, foreign: bool) -> Rule:
    if not isinstance(table, Mapping):
        raise InputError(f"{where}: must be a table, not {table!r}", 'write { dirs = ["…"], class = "tests" }')
    known = ("id", "class", "reason", *PATH_KEYS, *CHUNK_KEYS)
    for key in table:
        if key not in known:
            raise InputError(f"{where}: unknown key {key!r}", _nearest(key, known))
    on_path = [key for key in table if key in PATH_KEYS]
    on_chunk = [key for key in table if key in CHUNK_KEYS]
    if on_path and on_chunk:
        raise InputError(
            f"{where}: {on_path[0]!r} looks at the path and {on_chunk[0]!r} at the content",
            "one rule looks at one of them; a content rule can ask for the class of the file with 'in_classes'",
        )
    chunk_class = ChunkClass(_word(table, "class", where, CLASSES))
    if foreign and set(on_path) <= {"whole"} and not on_chunk:
        raise InputError(f"{where}: no condition, so it would decide about every file", 'add one such as dirs = ["…"]')
    lists: dict[str, tuple[str, ...]] = {}
    for key in (*PATH_KEYS, *CHUNK_KEYS):
        if key in table and key not in ("whole", "min_lines", "min_file_lines", "head"):
            lists[key] = _words(table, key, where, foreign=foreign)
    return Rule(
        id=_text(table, "id", where) or fallback_id,
        chunk_class=chunk_class,
        reason=_text(table, "reason", where) or "a rule of the configuration",
        whole=_whole(table, where, chunk_class),
        about_chunks=bool(on_chunk),
        lists=lists,
        min_lines=_number(table, "min_lines", where),
        min_file_lines=_number(table, "min_file_lines", where),
        head=_text(table, "head", where),
    )


def _words(table: Mapping[str, object], key: str, where: str, *, foreign: bool) -> tuple[str, ...]:
    value = table[key]
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items or not all(isinstance(one, str) for one in items):
        raise InputError(f"{where}: {key} must be a list of words, not {value!r}", f'write {key} = ["…"]')
    words = tuple(one.lower() for one in cast("Sequence[str]", items))
    for word in words:
        if key in _VOCABULARY and word not in _VOCABULARY[key]:
            raise InputError(f"{where}: {key}: unknown word {word!r}", _nearest(word, _VOCABULARY[key]))
        # A test checks the globs that ship; doing so here would be a third of the time that reading the rules takes.
        if foreign and key in _GLOBS:
            try:
                pattern = _GLOBS[key](word)
                if is_glob(word):
                    re.compile(pattern)
            except (ValueError, re.error) as error:
                raise InputError(f"{where}: {key}: {word!r} {error}", "write a glob such as 'docs/**/*.txt'") from None
    return words


def _word(table: Mapping[str, object], key: str, where: str, choices: Sequence[str]) -> str:
    value = table.get(key)
    if value is None:
        raise InputError(f"{where}: {key} is missing", f"one of {', '.join(choices)}")
    if value not in choices:
        raise InputError(f"{where}: unknown {key} {value!r}", _nearest(str(value), choices))
    return str(value)


def _text(table: Mapping[str, object], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: {key} must be text, not {value!r}", f'write {key} = "…"')
    return value


def _number(table: Mapping[str, object], key: str, where: str) -> int:
    value = table.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{where}: {key} must be a whole number, not {value!r}", f"write {key} = 10")
    return value


def _whole(table: Mapping[str, object], where: str, chunk_class: ChunkClass) -> bool:
    value = table.get("whole", chunk_class in WHOLE)
    if not isinstance(value, bool):
        raise InputError(f"{where}: whole must be true or false, not {value!r}", "write whole = true")
    return value


def _nearest(word: str, choices: Sequence[str]) -> str:
    import difflib  # only to word an error

    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"one of {', '.join(choices)}"


_VOCABULARY: Mapping[str, Sequence[str]] = {
    "attributes": ATTRIBUTES,
    "unless_attributes": ATTRIBUTES,
    "in_classes": CLASSES,
    "parents": CLASSES,
    "traits": TRAITS,
    "file_traits": TRAITS,
    "head_roles": ROLES,
    "mostly_roles": ROLES,
    "unless_only_roles": ROLES,
    "methods": ("tree", "lines"),
}
_GLOBS: Mapping[str, Callable[[str], str]] = {
    "paths": path_regex,
    "dirs": path_regex,
    "unless_dirs": path_regex,
    "names": name_regex,
    "suffixes": name_regex,
}
