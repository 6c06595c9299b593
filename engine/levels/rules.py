"""The table of levels, read once from ``levels.toml`` and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from engine.chunk.spans import Role
from engine.model import ChunkClass

STYLES = ("roles", "values", "comment", "bulk")
FIXTURES = "fixtures"
"""Name of the variant of class tests for chunks that set up."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What the levels of one class keep."""

    style: str
    """``roles``: by role alone; ``values``: roles, and long values folded; ``comment``: by paragraph and sentence;
    ``bulk``: head and tail, then shape."""
    depth: bytes
    """Translation table, role -> deepest level (0-3) that keeps a line of that role."""
    head: tuple[int, int]
    """Lines that levels 2 and 3 keep of a chunk where no line has a role they keep."""


@dataclass(frozen=True, slots=True)
class FoldRule:
    """When and how lines and values are folded; all in bytes or lines."""

    saves_bytes: int
    """A fold has to be shorter than what it replaces by at least this."""
    indent_bytes: int
    """Indentation repeated by a marker at most."""
    value_bytes: int
    """Configuration lines longer than this lose their value."""
    head_lines: int
    tail_lines: int
    cut_bytes: int
    """Lines of bulk classes are cut at this length."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How information is measured. Units are integers, so equal text has exactly equal retention."""

    weights: tuple[int, ...]
    """Units of one word, indexed by role."""
    exponent: float
    """Distinct information of ``u`` units is ``u ** exponent`` (Heaps' law)."""
    name_units: int
    """Units of one word of an outline fragment."""
    listed_units: int
    """Units of one word of a name on the one line of a file."""
    path_units: int
    """Units of a path, shared by the chunks of its file."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything in ``levels.toml``."""

    classes: dict[str, ClassRule]
    """By value of ``ChunkClass``, and ``fixtures``."""
    fold: FoldRule
    measure: Measure
    outline: dict[str, str]
    """Word before the name, by kind of chunk."""
    functions: dict[str, str]
    """Word before the name of a function, by language."""
    importance: dict[str, float]
    """Worth of a name on the one line of a file, by kind of chunk."""


@cache
def load_rules() -> Rules:
    """The shipped table.

    Raises:
        ValueError: the table contradicts itself (a defect of the package, never of a user's input).
    """
    return parse_rules(resources.files(__package__).joinpath("levels.toml").read_text(encoding="utf-8"))


def parse_rules(text: str) -> Rules:
    """Read and check a table of levels.

    Raises:
        ValueError: not TOML, an unknown role or style, a class without rule, levels that are not nested.
    """
    raw = tomllib.loads(text)
    try:
        classes = {name: _class_rule(name, rule) for name, rule in raw["classes"].items()}
        missing = {*map(str, ChunkClass), FIXTURES} ^ set(classes)
        if missing:
            raise ValueError(f"levels: classes that are missing or unknown: {', '.join(sorted(missing))}")
        return Rules(
            classes,
            FoldRule(**{key: _count(raw["fold"], key) for key in FoldRule.__slots__}),
            _measure(raw["weights"], raw["measure"]),
            {str(kind): str(word) for kind, word in raw["outline"].items()},
            {str(language): str(word) for language, word in raw["functions"].items()},
            {str(kind): float(worth) for kind, worth in raw["importance"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"levels: {error}") from error


def _class_rule(name: str, rule: Mapping[str, Any]) -> ClassRule:
    style = rule["style"]
    if style not in STYLES:
        raise ValueError(f"levels: {name}: style {style!r} is none of {', '.join(STYLES)}")
    if style == "bulk":
        return ClassRule(style, bytes([1]) * 256, (0, 0))
    gone, condensed, capsule = (_roles(name, rule[key]) for key in ("gone", "condensed", "capsule"))
    if not capsule <= condensed or gone & condensed or Role.STRING in gone:
        raise ValueError(f"levels: {name}: a level keeps what a shallower one drops, or drops strings")
    depth = bytearray([1]) * 256
    for level, roles in ((0, gone), (2, condensed), (3, capsule)):
        for role in roles:
            depth[role] = level
    condensed_head, capsule_head = rule["head"]
    if not 1 <= capsule_head <= condensed_head:
        raise ValueError(f"levels: {name}: head must be [n, m] with n >= m >= 1")
    return ClassRule(style, bytes(depth), (condensed_head, capsule_head))


def _roles(name: str, names: list[str]) -> set[Role]:
    unknown = set(names) - set(Role.__members__)
    if unknown:
        raise ValueError(f"levels: {name}: unknown roles {', '.join(sorted(unknown))}")
    return {Role[role] for role in names}


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table[key]
    if type(value) is not int or value < 1:
        raise ValueError(f"levels: {key} must be a whole number above 0")
    return value


def _measure(weights: Mapping[str, Any], measure: Mapping[str, Any]) -> Measure:
    if set(weights) != set(Role.__members__):
        raise ValueError("levels: every role needs exactly one weight")
    by_role = {Role[role]: weight for role, weight in weights.items()}
    if any(type(weight) is not int or weight < 0 for weight in by_role.values()):
        raise ValueError("levels: weights are whole numbers from 0")
    exponent = float(measure["exponent"])
    if not 0 < exponent <= 1:
        raise ValueError("levels: exponent must be above 0 and at most 1")
    return Measure(
        tuple(by_role[role] for role in Role),
        exponent,
        _count(measure, "name_units"),
        _count(measure, "listed_units"),
        _count(measure, "path_units"),
    )
