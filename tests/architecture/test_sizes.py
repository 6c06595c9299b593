"""Modules stay small: nobody reads a file of a thousand lines before changing it."""

from __future__ import annotations

from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
MOST_LINES = 300


def line_counts() -> dict[str, int]:
    """Lines of every module of the product."""
    found = [path for room in ("engine", "tui", "themes") for path in (ROOT / room).rglob("*.py")]
    return {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in found}


def test_no_module_is_a_god_file() -> None:
    assert [name for name, lines in line_counts().items() if lines > MOST_LINES] == []


def test_most_modules_are_near_a_hundred_lines() -> None:
    assert median(line_counts().values()) <= 130
