"""What deliverables are: which file each one means, of which type, and whether it is new or modified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath

from engine.budgets.sizes import size_factor
from engine.budgets.tables import deliverables as tables
from engine.budgets.task import Deliverables

_WORD = re.compile(r"[A-Za-z]+")
_MOST = 10_000
"""Deliverables that are looked at; no call writes more files."""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A file that the answer is to hold."""

    path: str
    """As written, ``/`` separated; ``""`` when the words name no file."""
    kind: str
    """Type by ``deliverables.toml``."""
    is_new: bool
    has_verb: bool
    """Whether words say what happens to it."""
    factor: float
    """What its size does to the cost of changing it; 1.0 for new files."""
    why: str
    """What new or modified was decided by."""

    @property
    def tokens(self) -> float:
        """Output tokens that it is expected to take."""
        kind = next(entry for entry in tables()["type"] if entry["id"] == self.kind)
        return float(kind["new"] if self.is_new else kind["modified"] * self.factor)


def read_deliverables(written: Deliverables, category: str, workspace: Path | None) -> tuple[Deliverable, ...]:
    """Tell what each deliverable is; the same path named twice is one.

    Args:
        written: As the caller has them.
        category: Normalised category of the task, which decides what code is.
        workspace: Folder to look for existing files in; nothing outside of it is looked at.
    """
    found: dict[str, Deliverable] = {}
    for text in _flat(written):
        if len(found) < _MOST and text.strip():
            one = _read(text.strip(), category, workspace)
            found.setdefault(one.path or text, one)
    return tuple(found.values())


def is_document(deliverable: Deliverable) -> bool:
    """Whether a deliverable is a document."""
    return deliverable.kind == "documentation"


def type_of(path: str, category: str = "") -> str:
    """Return the type of a path by ``deliverables.toml``; code is of its category's type, where that has one."""
    pure = PurePosixPath(path.lower())
    found = next(str(entry["id"]) for entry in tables()["type"] if _matches(entry, pure))
    if found == "code" and category:
        return next((str(entry["id"]) for entry in tables()["type"] if entry.get("category") == category), found)
    return found


def _flat(written: Deliverables) -> Iterator[str]:
    """Texts in the order they are written; without recursion, because nesting may come from anywhere."""
    waiting: list[Deliverables] = [written]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        else:
            waiting.extend(reversed(list(one.values() if isinstance(one, Mapping) else one)))


def _read(text: str, category: str, workspace: Path | None) -> Deliverable:
    path = _path_in(text)
    # Words inside the path say nothing: address.py adds nothing.
    words = {word.lower() for word in _WORD.findall(text.replace(path, " ", 1) if path else text)}
    creates, changes = words & _verbs("creating"), words & _verbs("modifying")
    known = existing(path, workspace)
    if known is not None:
        is_new, why = False, "the file exists"
    elif creates or not changes:
        is_new = True
        why = f"'{min(creates)}'" if creates else ("no such file" if workspace and path else "nothing says it exists")
    else:
        is_new, why = False, f"'{min(changes)}'"
    factor = size_factor(known) if known is not None else 1.0
    return Deliverable(path, type_of(path, category), is_new, bool(creates or changes), factor, why)


def _path_in(text: str) -> str:
    """The word that looks most like a path: one with a slash, else one with a suffix, else a single word."""
    words = [word.strip("`'\"(),:;") for word in text.replace("\\", "/").split()]
    words = [word for word in words if word.strip("/.")]
    for found in ([word for word in words if "/" in word], [word for word in words if PurePosixPath(word).suffix]):
        if found:
            return found[0]
    return words[0] if len(words) == 1 else ""


def existing(path: str, workspace: Path | None) -> Path | None:
    """The file on disk, when it is one inside the workspace; links are not followed out of it."""
    if workspace is None or not path or "\0" in path:
        return None
    try:
        root = workspace.resolve()
        found = (root / path).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _matches(entry: Mapping[str, object], path: PurePosixPath) -> bool:
    suffixes, names, dirs = (entry.get(key) for key in ("suffixes", "names", "dirs"))
    if suffixes is names is dirs is None:
        return True
    return (
        (isinstance(suffixes, list) and path.suffix in suffixes)
        or (isinstance(names, list) and any(fnmatchcase(path.name, name) for name in names))
        or (isinstance(dirs, list) and any(part in dirs for part in path.parts[:-1]))
    )


@cache
def _verbs(which: str) -> frozenset[str]:
    return frozenset(tables()[which])
