"""Sizes that rules are held against, as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class FileSize(NamedTuple):
    """One file."""

    path: str
    """Relative to the root, ``/`` separated; bytes that are no UTF-8 as surrogate escapes."""
    tokens: int
    classes: tuple[int, ...]
    """Tokens by class, in the order of ``engine.model.CLASSES``."""


class Part(NamedTuple):
    """A chunk of a file."""

    start_line: int
    end_line: int
    name: str
    """Kind and symbol, or only the kind."""
    tokens: int


class ChangedFile(NamedTuple):
    """What git says about a file that is there and was changed since the base."""

    old_path: str
    """Where it was in the base; its own path unless it was renamed."""
    line: int
    """First line that changed, from 1."""


@dataclass(frozen=True, slots=True)
class PackOutcome:
    """What a pack came to."""

    model: str
    budget_tokens: int
    quality: float = 0.0
    """0 when nothing could be packed."""
    whole: bool = False
    """Whether everything in scope is shown in full."""
    whole_tokens: int = 0
    """What everything in full costs."""
    smallest_tokens: int = 0
    """The smallest budget there is, where the budget is below it; else 0."""
    losses: tuple[tuple[str, int], ...] = ()
    """Path and tokens left out of it, largest first."""
    enough: str = ""
    """A budget that would do, as people write it; ``""`` when none was found."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A repository, and the revision it is compared with."""

    window_tokens: int
    """Context window of the model."""
    files: tuple[FileSize, ...]
    """By path."""
    base: tuple[FileSize, ...] | None = None
    """The same of the base; None without one."""
    changed: Mapping[str, ChangedFile] = field(default_factory=dict)
    """By path."""
    only: frozenset[str] | None = None
    """Files that rules about single files look at; None for all."""
    parts: Callable[[str], tuple[Part, ...]] = lambda path: ()
    """Chunks of a file."""

    @property
    def total_tokens(self) -> int:
        """Tokens of all files."""
        return sum(file.tokens for file in self.files)

    @property
    def base_tokens(self) -> int:
        """Tokens of all files of the base."""
        return sum(file.tokens for file in self.base or ())

    def before(self) -> dict[str, int]:
        """Tokens that each file that is there had in the base, by its path now; renames are followed."""
        known = {file.path: file.tokens for file in self.base or ()}
        found = {}
        for file in self.files:
            changed = self.changed.get(file.path)
            found[file.path] = known.get(changed.old_path if changed else file.path, 0)
        return found
