"""Opening the facade for a command: settings, progress, interruption."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.cli.terminal import Reporter, interruptible
from engine.config import Config
from engine.errors import InputError, UsageError
from engine.inspector import Inspector
from engine.request import ScanRequest


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with."""

    inspector: Inspector
    config: Config


@contextlib.contextmanager
def session(path: str | None, flags: Mapping[str, object], *, quiet: bool, no_cache: bool) -> Iterator[Session]:
    """Open the facade.

    Args:
        path: Repository whose ``.packsight.toml`` counts, or None.
        flags: Values of options; None where an option was not given.
        quiet: No progress.
        no_cache: Keep nothing.

    Raises:
        InputError: a configuration file is wrong.
    """
    with (
        Reporter(quiet) as report,
        interruptible() as stop,
        Inspector(use_cache=not no_cache, emit=report, cancelled=stop.is_set) as inspector,
    ):
        root = Path(path) if path is not None and Path(path).is_dir() else None
        yield Session(inspector, inspector.config(root, dict(flags)))


def scan_request(opened: Session, path: str, rev: str | None) -> ScanRequest:
    """Combine settings into a request for the files."""
    config = opened.config
    return ScanRequest(
        path=Path(path),
        model=config["model"],
        rev=rev,
        submodules=bool(config["submodules"]),
        include=tuple(config["include"]),
        exclude=tuple(config["exclude"]),
        class_rules=config.class_rules,
    )


def settled(opened: Session, path: str) -> Config:
    """Settings with the profile in force, without scanning; as they are where there is no repository."""
    with contextlib.suppress(InputError, UsageError):
        return opened.inspector.settings_of(Path(path), opened.config)
    return opened.config
