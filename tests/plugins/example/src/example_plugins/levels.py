"""Levels: of a recipe, level 2 keeps the lines with quantities, level 3 the heading."""

from __future__ import annotations

import re

from engine.extending import LevelChunk, LevelsPlugin, Role

_QUANTITY = re.compile(rb"\d")


def depths(chunk: LevelChunk) -> list[int]:
    """Say how deep each line stays."""
    return [_depth(line, role) for line, role in zip(chunk.lines, chunk.roles, strict=True)]


def _depth(line: bytes, role: int) -> int:
    if role == Role.HEADING:
        return 3
    if role in (Role.BLANK, Role.COMMENT):
        return 0
    return 2 if _QUANTITY.search(line) else 1


RECIPES = LevelsPlugin(depths, languages=("recipe",))
