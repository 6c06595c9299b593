"""What the app is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.request import PackRequest
from tui.bridge import MakeEngine


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that somebody else decides before the first frame."""

    request: PackRequest
    """What to open with: flags, environment, files and the profile in use, already settled."""
    make_engine: MakeEngine
    """Makes the engine in the thread that will use it."""
    config_folder: Path
    """Where the person keeps ``themes/`` and ``keymap.toml``."""
    data_folder: Path
    """Where the app remembers its layout."""
    watch: bool = True
    """Whether to look for changes on disk."""
