"""The fence: which paths a client may have read, links resolved, whatever way they are written."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from engine.errors import InputError, UsageError
from engine.visible import display_path

_LOCAL = ("", "localhost")
_WORK_TREE = re.compile(r"^\s*worktree\s*=\s*(.+?)\s*$", re.MULTILINE)
_MOST_BYTES = 1 << 16
_PARTS_OF_GIT = ("HEAD", "objects", "objects/pack", "objects/info", "refs", "packed-refs", "config", "index")
_MOST_BORROWED = 100
"""Stores that a repository may name to borrow objects of, those of these included; git itself goes five deep."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders that may be read, with everything below them."""

    folders: tuple[str, ...]
    """Absolute, links resolved; the first is what relative paths begin at."""
    origin: str = "the command line"
    """Who named them."""

    def resolve(self, written: str) -> Path:
        """Find the path that is meant: relative to a root, absolute, or a ``file:`` URL; ``~`` is a name like others.

        Whether a path outside the roots exists is not told.

        Raises:
            InputError: it is not below a root, belongs to git itself, or its repository is elsewhere.
            UsageError: it is empty or no path.
        """
        if not self.folders:
            raise InputError(f"{self.origin} names no folder that may be read", "open a folder, or give --root DIR")
        if not written or "\0" in written:
            raise UsageError(
                "the path is empty" if not written else "a path has no NUL characters", "'.' is the first root"
            )
        text = path_of_url(written) if written[:5].lower() == "file:" else written
        candidates = [text] if os.path.isabs(text) else [os.path.join(one, text) for one in self.folders]
        inside = [real for one in candidates if self.holds(real := os.path.realpath(one))]
        if not inside:
            raise self._outside(written)
        real = next((one for one in inside if os.path.lexists(one)), inside[0])
        self.check(real, written)
        return Path(real)

    def holds(self, path: str | Path) -> bool:
        """Whether a resolved path is a root or below one."""
        return any(Path(path).is_relative_to(one) for one in self.folders)

    def check(self, real: str | Path, written: str = "") -> None:
        """Refuse what is not below a root now, git's own files, and repositories whose objects are elsewhere.

        Raises:
            InputError: names what is wrong.
        """
        real = os.path.realpath(real)
        name = written or str(real)
        if not self.holds(real):
            raise self._outside(name)
        root = next(one for one in self.folders if Path(real).is_relative_to(one))
        if ".git" in (part.lower() for part in Path(real).relative_to(root).parts):
            raise InputError(f"{display_path(name)} belongs to git itself, not to the content of a repository")
        if not os.path.lexists(real):
            raise _missing(real, name)
        self._check_repository(real)

    def within(self, others: Roots) -> Roots:
        """What is below a root of both."""
        kept = [one for one in self.folders if others.holds(one)]
        kept += [one for one in others.folders if self.holds(one) and one not in kept]
        return Roots(tuple(kept), f"{self.origin}, within --root,")

    def _outside(self, written: str) -> InputError:
        shown = ", ".join(map(display_path, self.folders[:3])) + (", …" if len(self.folders) > 3 else "")
        return InputError(f"{display_path(written[:300])} is not below a root of {self.origin}", f"roots: {shown}")

    def _check_repository(self, real: str) -> None:
        """A ``.git`` below a root may have come with its content: it must not lead to another repository."""
        at = real if os.path.isdir(real) else os.path.dirname(real)
        while self.holds(at):
            entry = os.path.join(at, ".git")
            found = entry if os.path.lexists(entry) else at if _is_bare(at) else ""
            if found:
                git_dir = _git_dir(found)
                parts = [git_dir, *(os.path.join(git_dir, part) for part in (*_PARTS_OF_GIT, _common(git_dir)))]
                parts += _borrowed(os.path.join(git_dir, "objects"))
                if not all(map(self.holds, map(os.path.realpath, parts))) and not _points_back(git_dir, found):
                    raise InputError(
                        f"{display_path(found)} leads out of the roots", "open the folder of that repository as well"
                    )
                return
            at = os.path.dirname(at)


def path_of_url(url: str) -> str:
    """The path of a ``file:`` URL, percent escapes undone once.

    Raises:
        UsageError: it is of another scheme or machine.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.scheme.lower() != "file" or parts.netloc.lower() not in _LOCAL or not os.path.isabs(path) or "\0" in path:
        raise UsageError(f"'{display_path(url[:200])}' is no file URL of this machine", "write file:///home/me/project")
    return path


def roots_of(folders: Sequence[str | Path], origin: str) -> Roots:
    """Resolve folders; a root may also be a single file."""
    return Roots(tuple(dict.fromkeys(os.path.realpath(one) for one in folders)), origin)


def _missing(real: str, written: str) -> InputError:
    try:
        names = sorted(name for name in os.listdir(os.path.dirname(real)) if name != ".git")
    except OSError:
        names = []
    nearest = difflib.get_close_matches(os.path.basename(real), names, 1)
    return InputError(
        f"there is no {display_path(written[:300])}", f"did you mean {display_path(nearest[0])}?" if nearest else ""
    )


def _is_bare(folder: str) -> bool:
    """Whether a folder is read as a repository without a work tree."""
    return all(os.path.lexists(os.path.join(folder, part)) for part in ("HEAD", "objects", "refs"))


def _git_dir(entry: str) -> str:
    if os.path.isdir(entry):
        return os.path.realpath(entry)
    text = _text(entry)
    target = text[8:].rstrip("\r\n") if text.startswith("gitdir: ") else ""
    return os.path.realpath(os.path.join(os.path.dirname(entry), target)) if target else os.path.realpath(entry)


def _common(git_dir: str) -> str:
    return _text(os.path.join(git_dir, "commondir")).rstrip("\r\n") or "."


def _borrowed(objects: str) -> list[str]:
    """Stores whose objects git reads as if they were the repository's own: one that knows an id reads what it names."""
    found: list[str] = []
    waiting = [os.path.realpath(objects)]
    while waiting and len(found) < _MOST_BORROWED:
        at = waiting.pop()
        # A line in quotes is another way to write a path: what git would make of it is not guessed.
        lines = _text(os.path.join(at, "info", "alternates")).splitlines()
        named = [os.path.realpath(os.path.join(at, line)) for line in lines if line and line[0] not in '#"']
        named += [os.sep for line in lines if line.startswith('"')]
        waiting += [one for one in named if one not in found]
        found += named
    return [*found, *waiting]


def _points_back(git_dir: str, entry: str) -> bool:
    """Whether git itself made the link: a linked work tree or a submodule, which the repository knows of."""
    here = os.path.realpath(entry)
    if os.path.islink(entry) or not os.path.isfile(entry):
        return False
    linked = _text(os.path.join(git_dir, "gitdir")).strip()
    if linked:
        return os.path.realpath(os.path.join(git_dir, linked)) == here
    named = _WORK_TREE.search(_text(os.path.join(git_dir, "config")))
    return bool(named) and os.path.realpath(os.path.join(git_dir, named[1])) == os.path.dirname(here)  # type: ignore[index]


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_MOST_BYTES).replace("\0", "")
    except OSError:
        return ""
