"""All targets."""

from __future__ import annotations

from tests.fuzz import targets_commands, targets_files, targets_logs, targets_pack, targets_text, targets_words
from tests.fuzz.case import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for room in (targets_text, targets_pack, targets_files, targets_logs, targets_words, targets_commands)
    for target in room.TARGETS
}
"""By name, in the order of a run."""
