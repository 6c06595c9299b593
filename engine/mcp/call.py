"""What a tool works with: the engine opened for one call, the fence around paths, and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.config import Config
from engine.inspector import Inspector
from engine.mcp.roots import Roots
from engine.mcp.words import OfFiles, Words
from engine.request import ScanRequest

_SETTINGS = ("model", "budget", "format", "profile", "reserve", "include", "exclude")
"""Arguments that are settings of the same name."""


@dataclass(frozen=True, slots=True)
class KeptPack:
    """A pack as resources give it."""

    id: str
    text: str
    report: Mapping[str, Any]
    format: str
    place: Path
    """What was packed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool found."""

    data: Mapping[str, Any]
    places: tuple[Path, ...] = ()
    """What it was read from."""
    pack: KeptPack | None = None


@dataclass(slots=True)
class Call:
    """One call of a tool."""

    inspector: Inspector
    roots: Roots
    db: str = ""
    """Database that the server was started with; ``""`` for the settings' own."""
    record: bool = True
    """Whether packs are written down where settings do not say otherwise."""
    places: list[Path] = field(default_factory=list)
    """What was resolved so far."""
    model: str = ""
    """Whose tokens answers are measured in; set with the settings."""

    def path(self, written: str) -> Path:
        """A path that may be read.

        Raises:
            PacksightError: as ``Roots.resolve``.
        """
        found = self.roots.resolve(written)
        self.places.append(found)
        return found

    def config(self, path: Path | None, words: Words | None = None, *, model: str = "") -> Config:
        """Settings for a repository, arguments before all others.

        Args:
            path: Folder whose settings file counts.
            words: Arguments, all of which are settings where there is one of their name.
            model: The only argument that is one.

        Raises:
            InputError: a configuration file is wrong.
        """
        said = {name: getattr(words, name) for name in _SETTINGS if hasattr(words, name)} | (
            {"model": model} if model else {}
        )
        flags: dict[str, object] = {name: value for name, value in said.items() if value not in ("", [])}
        if self.db:
            flags["db"] = self.db
        if not self.record:
            flags["record"] = False
        config = self.inspector.config(path if path is not None and path.is_dir() else None, flags)
        self.model = str(config["model"]).partition(",")[0].strip()
        return config

    def scan(self, words: OfFiles) -> tuple[ScanRequest, Config]:
        """Which files, and the settings around them.

        Raises:
            PacksightError: the path may not be read, or a configuration file is wrong.
        """
        path = self.path(words.path)
        config = self.config(path, words)
        request = ScanRequest(
            path,
            config["model"],
            rev=words.rev or None,
            include=tuple(config["include"]),
            exclude=tuple(config["exclude"]),
            class_rules=config.class_rules,
        )
        return request, config

    def outcome(self, data: Mapping[str, Any], pack: KeptPack | None = None) -> Outcome:
        """An answer that rests on what was resolved."""
        return Outcome(data, tuple(self.places), pack)


Run = Callable[[Call, Any], Outcome]
"""A tool's work, in the thread of the engine."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as clients see it, and what it does."""

    name: str
    title: str
    description: str
    words: type[Words]
    result: object
    run: Run
    reads_paths: bool = True
    """Whether it needs to know the roots."""
    writes: bool = False
    """Whether it changes what is saved."""
    idempotent: bool = True
