"""Profiles: what a person wants of the packs of a repository, kept under a name.

In: TOML text, ``KEY=VALUE`` words, totals of a scan. Out: ``Profile``, its TOML text, differences in words, a
suggestion with reasons. This room must not read files or the database, see repository text, or decide what is in force.

Importing it is light; the style-preserving TOML writer loads when text is written.
"""

from __future__ import annotations

from engine.profiles.changes import changed
from engine.profiles.describe import describe_difference
from engine.profiles.profile import Profile, check_name, lay_over
from engine.profiles.reading import read_profile
from engine.profiles.suggest import Facts, Reason, Suggestion, suggest
from engine.profiles.tables import settings_table
from engine.profiles.writing import merged_settings, written

__all__ = [
    "Facts",
    "Profile",
    "Reason",
    "Suggestion",
    "changed",
    "check_name",
    "describe_difference",
    "lay_over",
    "merged_settings",
    "read_profile",
    "settings_table",
    "suggest",
    "written",
]
