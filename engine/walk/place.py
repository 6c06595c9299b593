"""Finding the repository that a path belongs to, by looking: no git runs before its owner is known."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.walk.failures import printable
from engine.walk.repository import Repository

_GITFILE_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True)
class Place:
    """A path a person named, and the repository around it."""

    root: str
    """Absolute path of the directory that listed paths are relative to, links resolved."""
    only: str
    """Name of the one file in ``root`` that was asked for, or ``""`` for all of it."""
    repository: Repository | None
    """None for a plain folder."""
    prefix: str
    """``root`` relative to the work tree with a trailing ``/``, or ``""`` at its top."""
    has_work_tree: bool
    """False for a bare repository."""
    owned: tuple[str, ...] = ()
    """Paths whose owner decides whether the repository is trusted."""


def locate(path: Path) -> Place:
    """Find out what ``path`` is.

    Raises:
        InputError: It does not exist, cannot be entered, is no file or folder, or its ``.git`` is broken.
    """
    name = printable(str(path))
    try:
        real = os.path.realpath(path, strict=True)
        facts = os.stat(real)
        if stat.S_ISDIR(facts.st_mode):
            root, only = real, ""
            # Permission to list shows only when tried.
            os.scandir(real).close()
        elif stat.S_ISREG(facts.st_mode):
            root, only = os.path.split(real)
        else:
            raise InputError(f"{name} is neither a folder nor a file.")
    except PermissionError as error:
        raise InputError(f"{name} cannot be read: permission denied.") from error
    except OSError as error:
        raise InputError(f"{name} is neither a git repository nor a folder: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{name} is not a path.") from error
    if _is_git_dir(root) and not only:
        return Place(root, "", _repository(root, root), "", False, (root,))
    at = root
    while True:
        dot_git = os.path.join(at, ".git")
        git_dir = _git_dir_at(dot_git)
        if git_dir:
            prefix = "" if at == root else os.path.relpath(root, at).replace(os.sep, "/") + "/"
            return Place(root, only, _repository(git_dir, at), prefix, True, (dot_git, at, git_dir))
        above = os.path.dirname(at)
        # Inside a repository's own directory there is no work tree to list.
        if above == at or _is_git_dir(at):
            return Place(root, only, None, "", True)
        at = above


def _git_dir_at(dot_git: str) -> str:
    """Return the repository that ``.git`` is or names, or ``""`` if there is none."""
    if os.path.isdir(dot_git):
        return os.path.realpath(dot_git) if _is_git_dir(dot_git) else ""
    if not os.path.isfile(dot_git):
        return ""
    try:
        with open(dot_git, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read(_GITFILE_LIMIT)
    except OSError as error:
        raise InputError(f"{printable(dot_git)} cannot be read: {error.strerror}.") from error
    if not text.startswith("gitdir: ") or "\0" in text:
        raise InputError(f"{printable(dot_git)} is not a repository: it does not start with 'gitdir: '.")
    target = os.path.realpath(os.path.join(os.path.dirname(dot_git), text[8:].rstrip("\r\n")))
    if not _is_git_dir(target):
        raise InputError(
            f"{printable(dot_git)} points to {printable(target)}, which is not a git repository.",
            "A worktree that moved is mended by `git worktree repair`, a submodule by `git submodule update --init`.",
        )
    return target


def _is_git_dir(path: str) -> bool:
    """Apply git's own test: a HEAD, and objects and refs here or in the common directory."""
    if not os.path.lexists(os.path.join(path, "HEAD")):
        return False
    common = _common_dir(path)
    return os.path.isdir(os.path.join(common, "objects")) and os.path.isdir(os.path.join(common, "refs"))


def _common_dir(git_dir: str) -> str:
    named = os.path.join(git_dir, "commondir")
    if not os.path.isfile(named):
        return git_dir
    try:
        with open(named, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read(_GITFILE_LIMIT).rstrip("\r\n")
    except OSError:
        return git_dir
    return git_dir if "\0" in text else os.path.realpath(os.path.join(git_dir, text))


def _repository(git_dir: str, work_tree: str) -> Repository:
    return Repository(git_dir=git_dir, common_dir=_common_dir(git_dir), work_tree=work_tree)
