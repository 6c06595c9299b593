"""Which edits of a commit count as what a pack should have shown: the rule that learning and the benchmark share."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from os.path import splitext
from typing import Any


@cache
def learning_numbers() -> dict[str, Any]:
    """The numbers of ``learning.toml``."""
    return tomllib.loads((resources.files("engine.profiles") / "learning.toml").read_text("utf-8"))


@cache
def source_endings() -> frozenset[str]:
    """Endings of files whose lines count."""
    return frozenset(learning_numbers()["truth"]["endings"])


def is_source(path: str) -> bool:
    """Whether lines of a file count."""
    return splitext(path)[1] in source_endings()


def shortest_line() -> int:
    """Characters of a stripped line that can be told from others."""
    return int(learning_numbers()["truth"]["shortest_line"])


def is_telling(message: str) -> bool:
    """Whether a commit's message says something."""
    return len(message.strip()) >= int(learning_numbers()["truth"]["shortest_message"])


def counted_edits(files: Iterable[tuple[str, Sequence[int]]]) -> dict[str, tuple[int, ...]]:
    """Edited lines of source files by path; nothing for a commit that changed too much to say anything."""
    rules = learning_numbers()["truth"]
    changed = {path: tuple(sorted(lines)) for path, lines in files if lines and is_source(path)}
    few = len(changed) <= rules["most_files"] and sum(map(len, changed.values())) <= rules["most_lines"]
    return changed if few else {}


def true_places(
    edits: Mapping[str, Sequence[int]], lines_of: Callable[[str], Sequence[str]], times: Callable[[str], int]
) -> list[tuple[str, int, str]]:
    """Path, line and stripped text of every edited line that can be told from others.

    Args:
        edits: As ``counted_edits`` gives them.
        lines_of: Lines of a file of the version before the commit; none for a file that is not there.
        times: How often a stripped line is in the source files of that version.
    """
    least = shortest_line()
    places: list[tuple[str, int, str]] = []
    for path, rows in edits.items():
        lines = lines_of(path)
        for at in rows:
            stripped = lines[at - 1].strip() if 1 <= at <= len(lines) else ""
            if len(stripped) >= least and times(stripped) == 1:
                places.append((path, at, stripped))
    return places
