"""Requests: what the front ends ask of the facade, frozen, with every default in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.disclosure import GUARDED, Disclosure
from engine.model import ChunkClass


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Which files, counted for which model."""

    path: Path
    """Repository, folder inside one, plain folder or single file."""
    model: str
    """Id or alias of a catalog entry."""
    rev: str | None = None
    """Revision to read instead of the work tree."""
    submodules: bool = False
    """Enter submodules."""
    include: tuple[str, ...] = ()
    """Globs of which a path must match one, when there are any."""
    exclude: tuple[str, ...] = ()
    """Globs of which a path may match none."""
    class_rules: tuple[Mapping[str, Any], ...] = ()
    """Classification rules of the configuration, tried before those that ship."""
    model_files: tuple[Path, ...] = ()
    """Catalog files of the user; the facade fills them in."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a profile holds: wishes about classes and paths."""

    weights: Mapping[ChunkClass, float] = field(default_factory=dict)
    """Weight of a class; those not named have ``DEFAULT_WEIGHTS``."""
    shares: Mapping[ChunkClass, tuple[float, float]] = field(default_factory=dict)
    """Minimum and maximum share of the budget, as fractions."""
    max_level: Mapping[ChunkClass, int] = field(default_factory=dict)
    """Deepest level a class may be shown at."""
    pins: tuple[tuple[str, int], ...] = ()
    """(path glob, level): chunks of matching files have that level."""
    excludes: tuple[str, ...] = ()
    """Path globs that are left out of the pack, though they are scanned."""


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What to pack into how many tokens."""

    scan: ScanRequest
    budget: str | int
    """Tokens, or a written form such as ``32k`` or ``40%`` of the window."""
    format: str = ""
    """``xml``, ``markdown``, ``json``, ``plain``; empty for the model's own default."""
    reserve_tokens: int = 0
    """Tokens of the window kept free for the answer."""
    tuning: Tuning = field(default_factory=Tuning)
    profile: str = ""
    """Name of the profile that ``tuning`` came from, for the report."""
    query: str = ""
    """What the pack is for, in the asker's words: chunks that answer it are worth more. Empty for no query."""
    stable: bool = False
    """Order files so that small changes of budget or files leave a long common beginning, for prompt caches."""
    disclosure: Disclosure = GUARDED
    """What of secrets and hidden characters is shown."""
    diff: str = ""
    """Revision since which changes count: what changed is shown in full and what it touches is worth more. Empty for
    none; ``main...`` is the commit from which ``main`` and what is packed went apart."""
