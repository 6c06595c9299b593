"""Files and lines that a query names by path: in words, in a stack trace, in the output of a compiler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns import Columns, Floats
from engine.rank.ground import Ground
from engine.rank.query import Place
from engine.rank.query_numbers import QuerySettings

MOST_FILES = 12
"""A name that more files share names none of them."""


@dataclass(frozen=True, slots=True)
class Named:
    """What is named."""

    files: frozenset[int]
    """Files, by index into ``columns.files``."""
    score: Floats
    """(n,) ``named_file`` for chunks of named files, ``named_line`` for those at named lines, else 0."""


def named(ground: Ground, places: Sequence[Place], rules: QuerySettings) -> Named:
    """Find the chunks that places mean.

    A path may be absolute, shorter or longer than the one in the repository: the files that share most of its last
    parts are meant, and at least its base name must agree.
    """
    columns, first = ground.columns, ground.first
    score = np.zeros(columns.chunks)
    if not places:
        return Named(frozenset(), score)
    found: set[int] = set()
    for place in places:
        files = _files(columns, ground.by_name, place.path)
        found.update(files)
        for file in files:
            rows = slice(int(first[file]), int(first[file + 1]))
            score[rows] = np.maximum(score[rows], rules.named_file)
            if place.line:
                near = (columns.start_line[rows] <= place.line + rules.near_lines) & (
                    columns.end_line[rows] >= place.line - rules.near_lines
                )
                exact = (columns.start_line[rows] <= place.line) & (columns.end_line[rows] >= place.line)
                strength = np.where(exact, rules.named_line, np.where(near, rules.named_line / 2, 0.0))
                score[rows] = np.maximum(score[rows], strength)
    return Named(frozenset(found), score)


def _files(columns: Columns, by_name: dict[str, list[int]], path: str) -> list[int]:
    wanted = [part for part in path.split("/") if part not in ("", ".", "..")]
    if not wanted:
        return []
    candidates = by_name.get(wanted[-1], [])
    shared = [_shared(wanted, columns.files[index].path.split("/")) for index in candidates]
    most = max(shared, default=0)
    best = [index for index, number in zip(candidates, shared, strict=True) if number == most]
    return best if len(best) <= MOST_FILES else []


def _shared(wanted: list[str], path: list[str]) -> int:
    number = 0
    for one, other in zip(reversed(wanted), reversed(path), strict=False):
        if one != other:
            break
        number += 1
    return number
