"""Modes such as ``large_refactor``: which rule set one, and what each rule raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from engine.budgets.files import Deliverable
from engine.budgets.sizes import line_count
from engine.budgets.tables import limits
from engine.errors import UsageError

BY_CALLER = "caller"
"""Named instead of a rule when the caller chose the mode."""


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """A rule of ``limits.toml`` and how it stood to a task."""

    rule: str
    holds: bool
    sets_mode: str
    """Mode that it would set, or ``""``."""
    raise_to_tokens: int
    """Ceiling that it raises to, 0 when it raises none."""
    why: str
    """What the rule is for when it holds, else the first condition that failed."""


@dataclass(frozen=True, slots=True)
class Mode:
    """The mode of a task."""

    name: str
    """``""`` for none."""
    set_by: str
    """Rule that set it, ``caller``, or ``""``."""
    needs_floor: bool
    why: str
    rules: tuple[RuleSeen, ...]
    """Every rule, in the order they are tried."""


def read_mode(
    asked: str, category: str, deliverables: Sequence[Deliverable], scope: Sequence[str], workspace: Path | None
) -> Mode:
    """Settle the mode of a task.

    Raises:
        UsageError: the caller asked for a mode there is none of.
    """
    modes = {one["id"]: one for one in limits()["mode"]}
    asked = asked.strip().lower().replace("-", "_")
    if asked and asked not in modes:
        raise UsageError(f"there is no mode '{asked[:60]}'", f"modes: {', '.join(modes)}")
    rules = tuple(_look(rule, category, deliverables, scope, workspace) for rule in limits()["rule"])
    setting = next((one for one in rules if one.holds and one.sets_mode), None)
    name = asked or (setting.sets_mode if setting else "")
    if not name:
        return Mode("", "", False, "no rule sets a mode", rules)
    set_by = BY_CALLER if asked else setting.rule if setting else ""
    return Mode(name, set_by, modes[name]["floor"], modes[name]["why"], rules)


def _look(
    rule: Mapping[str, Any],
    category: str,
    deliverables: Sequence[Deliverable],
    scope: Sequence[str],
    workspace: Path | None,
) -> RuleSeen:
    failed = _failed(rule, category, deliverables, scope, workspace)
    why = failed or rule["why"]
    return RuleSeen(rule["id"], not failed, rule.get("mode", ""), rule.get("raise_to", 0), why)


def _failed(
    rule: Mapping[str, Any],
    category: str,
    deliverables: Sequence[Deliverable],
    scope: Sequence[str],
    workspace: Path | None,
) -> str:
    """The first condition that does not hold, in words; ``""`` when all do."""
    if "categories" in rule and category not in rule["categories"]:
        return f"category is not {' or '.join(rule['categories'])}"
    names = [PurePosixPath(one.path.lower()).name for one in deliverables]
    globs = rule.get("deliverables")
    if globs is not None and not any(fnmatchcase(name, glob) for name in names for glob in globs):
        return "no deliverable is one"
    if len(scope) < rule.get("scope_from", 0):
        return f"{len(scope)} paths in scope, from {rule['scope_from']}"
    if len(scope) > rule.get("scope_to", len(scope)):
        return f"{len(scope)} paths in scope, up to {rule['scope_to']}"
    longest = max((_lines(path, workspace) for path in scope), default=0)
    if "longest_file" in rule and longest > rule["longest_file"]:
        return f"the longest file in scope has {longest:,} lines, up to {rule['longest_file']}"
    return ""


def _lines(path: str, workspace: Path | None) -> int:
    from engine.budgets.files import existing

    found = existing(path, workspace)
    return line_count(found) if found is not None else 0
