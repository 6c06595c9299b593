"""Class rules: what lies in ``kitchen/tried`` are tests."""

from __future__ import annotations

RULES = [
    {"id": "tried", "class": "tests", "reason": "a recipe that was tried", "dirs": ["kitchen/tried"]},
    {"id": "recipe", "class": "docs", "reason": "a recipe", "languages": ["recipe"]},
]
