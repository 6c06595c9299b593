"""Folders and what is below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.gate.measures import FileSize

TOP = "."
"""The folder that everything is below."""


def folder_sizes(files: Sequence[FileSize]) -> dict[str, int]:
    """Tokens below each folder, by its path; the top is ``.``."""
    sizes: dict[str, int] = {TOP: 0}
    for file in files:
        sizes[TOP] += file.tokens
        at = file.path.rfind("/")
        while at > 0:
            folder = file.path[:at]
            sizes[folder] = sizes.get(folder, 0) + file.tokens
            at = file.path.rfind("/", 0, at)
    return sizes


def folders_matching(pattern: str, sizes: Mapping[str, int]) -> list[str]:
    """Folders that a pattern is about, the largest first.

    ``src`` is that folder, ``src/*`` each folder right below it, ``**/tests`` each of that name; ``**`` stands for any
    number of folders.
    """
    wanted = [part for part in pattern.split("/") if part]
    found = [folder for folder in sizes if folder == pattern or _matches(folder.split("/"), wanted)]
    return sorted(
        (folder for folder in found if folder != TOP or pattern == TOP), key=lambda name: (-sizes[name], name)
    )


def _matches(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Match part by part: all numbers of wanted parts that are met so far go on together, so nothing is tried twice."""
    reached = _past_stars({0}, wanted)
    for part in parts:
        following = {
            at if wanted[at] == "**" else at + 1 for at in reached if at < len(wanted) and _meets(part, wanted[at])
        }
        reached = _past_stars(following, wanted)
    return len(wanted) in reached


def _past_stars(reached: set[int], wanted: Sequence[str]) -> set[int]:
    out = set(reached)
    for at in sorted(reached):
        while at < len(wanted) and wanted[at] == "**":
            at += 1
            out.add(at)
    return out


def _meets(part: str, wanted: str) -> bool:
    """Whether a name meets a pattern with ``*`` and ``?``. The first place for each piece is the best one."""
    if wanted == "**" or wanted == part:
        return True
    pieces = re.sub(r"\*+", "*", wanted).split("*")
    if len(pieces) == 1:
        return _at(part, wanted, 0) and len(part) == len(wanted)
    if not _at(part, pieces[0], 0):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        while at + len(piece) <= len(part) and not _at(part, piece, at):
            at += 1
        at += len(piece)
    last = len(part) - len(pieces[-1])
    return at <= last and _at(part, pieces[-1], last)


def _at(part: str, piece: str, at: int) -> bool:
    """Whether a piece stands at a place of a name; ``?`` is any character."""
    return len(part) >= at + len(piece) and all(mark in ("?", part[at + i]) for i, mark in enumerate(piece))
