"""What a scan depends on beside the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Files beyond this are skipped with the reason: they are data that no window holds."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker needs to know once."""

    encoding: str
    """Vocabulary to count with."""
    parse_deadline_s: float = 1.0
    """Time one parse may take before the file falls back to line chunks."""
    class_rules: tuple[Mapping[str, Any], ...] = ()
    """The user's classification rules, as tables of the configuration."""
    model_files: tuple[Path, ...] = ()
    """The user's catalog files: they may bring vocabularies of their own."""
