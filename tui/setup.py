"""What the app is started with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import Config
from engine.request import PackRequest
from tui.bridge import MakeEngine


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that somebody else decides before the first frame."""

    request: PackRequest
    """What flags, environment and files say; enough for a first frame."""
    make_engine: MakeEngine
    """Makes the engine in the thread that will use it."""
    config_folder: Path
    """Where the person keeps ``themes/`` and ``keymap.toml``."""
    data_folder: Path
    """Where the app remembers its layout."""
    context_window: int = 0
    """Tokens of the model's window, so that a running scan has a scale; 0 while unknown."""
    settle_request: Callable[[Any], PackRequest] | None = None
    """Asks the engine, in its thread, what the saved budget and the profile in use make of ``request``."""
    config: Config | None = None
    """Settings in force, for what the engine asks of them: the database, the profile."""
    theme: str = ""
    """A theme for this time; empty for the one remembered."""
    watch: bool = True
    """Whether to look for changes on disk."""
