"""A rule of the gate, what the settings say, and which rules are in force when flags say something too."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from engine.gate.limits import NO_TOKENS, Limit

Severity = Literal["error", "warning"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning")
TOTAL, GROWTH, FILE, GLOB, CLASS, DIR, CHANGED, CHANGED_GROWTH, PACK = (
    "max_total", "max_growth", "max_file", "max_glob", "max_class", "max_dir", "max_changed", "max_changed_growth",
    "pack",
)  # fmt: skip
"""Names of the kinds, which are the keys of ``kinds.toml``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What rules of a kind are about."""

    key: str
    """Key in the settings; the flag is the same with dashes."""
    about: str
    named: str
    """How what a limit is for is written: ``""``, ``glob``, ``class`` or ``dir``."""
    percent_of: str
    """``window``, ``base`` or ``total``."""
    base: bool
    """Whether it needs a revision to compare with."""
    bare: bool = False
    """Whether a limit alone is for every file."""

    @property
    def flag(self) -> str:
        """The option of the command."""
        return "--" + self.key.replace("_", "-")


KINDS: dict[str, Kind] = {
    key: Kind(key=key, **facts)
    for key, facts in tomllib.loads((resources.files("engine.gate") / "kinds.toml").read_text("utf-8")).items()
}
"""Every kind by its key."""


@dataclass(frozen=True, slots=True)
class PackDemand:
    """What a pack must reach."""

    budget: str | int
    """Tokens, or a written form such as ``32k`` or ``40%`` of the window."""
    model: str = ""
    """Id or alias; empty for the model of the run."""
    min_quality: float = 0.0
    """Smallest quality, 0-1."""
    whole: bool = False
    """Everything in scope must be shown in full."""
    profile: str = ""
    """Saved profile to pack with; empty for none, so that everybody gets the same answer."""
    query: str = ""

    def __str__(self) -> str:
        words = [f"budget={self.budget}"]
        words += [f"{name}={value}" for name, value in (("model", self.model), ("profile", self.profile)) if value]
        words += [f"query={self.query}"] if self.query else []
        words += [f"min_quality={self.min_quality:g}"] if self.min_quality else []
        return ",".join([*words, "whole"] if self.whole else words)


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit, or one demand on a pack."""

    kind: Kind
    name: str = ""
    """Glob, folder or class that it is for; of a pack its demand in words."""
    limit: Limit = NO_TOKENS
    pack: PackDemand | None = None
    severity: Severity = "error"
    why: str = ""
    """Reason that whoever set it gave, for the report."""
    file: str = ""
    """Settings file that it comes from, relative to the root, or ``""`` for a flag."""
    line: int = 0
    """Line in ``file``, from 1; 0 where it is not known."""

    @property
    def title(self) -> str:
        """The rule in the words of the settings, without its limit."""
        return f"{self.kind.key} {self.name}" if self.name else self.kind.key

    @property
    def demand(self) -> str:
        """The rule with its limit, as it was written."""
        return self.title if self.pack is not None else f"{self.title} = {self.limit}"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a settings file says about the gate."""

    base: str = ""
    """Revision to compare with when no flag names one."""
    rules: tuple[Rule, ...] = ()


def in_force(settings: Sequence[Rule], flags: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules of a run: a flag takes the place of what settings say of the same kind and name.

    So a settings file, which a change may edit, cannot loosen what a workflow demands.
    """
    said = {(rule.kind.key, rule.name) for rule in flags}
    order = list(KINDS)
    chosen = [*(rule for rule in settings if (rule.kind.key, rule.name) not in said), *flags]
    return tuple(sorted(chosen, key=lambda rule: order.index(rule.kind.key)))
