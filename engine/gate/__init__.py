"""The budget gate: rules, what breaks them, and how that is told to people, CI systems and other programs.

In: rules from settings and flags, and sizes that were measured elsewhere. Out: a ``Verdict``, and texts made of it.
This room computes on plain numbers only: it opens no repository, counts no tokens, and writes no file.
"""

from __future__ import annotations

from engine.gate.judge import judge
from engine.gate.measures import FileSize, Measures, PackOutcome, Part
from engine.gate.reading import check_settings, read_flags
from engine.gate.rules import KINDS, CheckSettings, Kind, PackDemand, Rule, in_force
from engine.gate.verdict import Growth, Outcome, Total, Verdict, Violation

__all__ = [
    "KINDS",
    "CheckSettings",
    "FileSize",
    "Growth",
    "Kind",
    "Measures",
    "Outcome",
    "PackDemand",
    "PackOutcome",
    "Part",
    "Rule",
    "Total",
    "Verdict",
    "Violation",
    "check_settings",
    "in_force",
    "judge",
    "read_flags",
]
