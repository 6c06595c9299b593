"""What the gate found: an outcome for each rule, and who grew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.gate.rules import Rule


class Total(NamedTuple):
    """A contributor: where, and how many tokens."""

    path: str
    """Path relative to the root, or a place ``path:start-end name``."""
    tokens: int


class Growth(NamedTuple):
    """What became of a file since the base."""

    path: str
    before: int
    after: int

    @property
    def tokens(self) -> int:
        """How many tokens it grew by; negative when it shrank."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken, by what."""

    rule: Rule
    subject: str
    """What broke it: a path, a folder, a class, or ``""`` for everything together."""
    limit: float
    """In tokens, or a quality."""
    measured: float
    unit: str
    """``tokens`` or ``quality``."""
    message: str
    """Limit, measured and by how much, in one sentence without the subject."""
    contributors: tuple[Total, ...]
    """The largest first."""
    remedy: str
    """The nearest way out."""
    path: str = ""
    """Where to show it, relative to the root; ``""`` when nowhere."""
    line: int = 1

    @property
    def over(self) -> float:
        """By how much, in the unit."""
        return abs(self.measured - self.limit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule, and what broke it."""

    rule: Rule
    looked_at: int
    """Files, folders or packs that it was held against."""
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the gate."""

    root: str
    prefix: str
    """The root relative to the top of its git repository, with a trailing ``/``, or ``""``."""
    model: str
    encoding: str
    method: str
    context_window: int
    revision: str
    """Commit that the files stand on; ``""`` in a plain folder."""
    base: str
    """Revision that was compared with, as it was written, or ``""``."""
    base_revision: str
    """Its commit, or ``""``."""
    files: int
    total_tokens: int
    base_tokens: int
    """0 without a base."""
    grown: tuple[Growth, ...]
    """Files whose tokens changed, the biggest growers first, those that shrank most last."""
    outcomes: tuple[Outcome, ...]

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All of them, errors first."""
        found = [violation for outcome in self.outcomes for violation in outcome.violations]
        return tuple(sorted(found, key=lambda violation: violation.rule.severity != "error"))

    @property
    def passed(self) -> bool:
        """Whether no rule is broken but those that only warn."""
        return not any(violation.rule.severity == "error" for violation in self.violations)

    @property
    def growth_tokens(self) -> int:
        """What everything together grew by since the base; 0 without one."""
        return self.total_tokens - self.base_tokens if self.base else 0

    def written(self, name: str) -> str:
        """The verdict in a format: ``text``, ``json``, ``junit``, ``sarif``, ``github`` or ``markdown``.

        Raises:
            UsageError: there is no such format.
        """
        from engine.gate.formats import write

        return write(self, name)
