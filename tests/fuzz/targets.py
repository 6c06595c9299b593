"""All targets."""

from __future__ import annotations

from tests.fuzz import (
    targets_calls,
    targets_commands,
    targets_files,
    targets_logs,
    targets_pack,
    targets_text,
    targets_words,
)
from tests.fuzz.case import Target

ROOMS = (
    targets_text,
    targets_pack,
    targets_files,
    targets_logs,
    targets_words,
    targets_commands,
    targets_calls,
)

TARGETS: dict[str, Target] = {target.name: target for room in ROOMS for target in room.TARGETS}
"""By name, in the order of a run."""
