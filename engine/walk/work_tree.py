"""Listing a work tree: the index, what differs from it, and what is untracked, from git calls that run at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from engine.errors import InputError
from engine.events import Emit, IsCancelled, Warned
from engine.model import FileKind, Skipped, SourceFile
from engine.walk.failures import printable
from engine.walk.index import is_whole
from engine.walk.repository import DAMAGED_INDEX_HINT, Repository, Running, need
from engine.walk.safe_tree import is_unsafe

SYMLINK = "symbolic link"
UNSAFE = "name leads outside the root"
DELETED = "deleted in the work tree"
NESTED = "another git repository"
SUBMODULE = "submodule"


@dataclass(slots=True)
class Entries:
    """Paths of one repository, relative to its top, before patterns and attributes have their say."""

    files: list[SourceFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    submodules: list[tuple[str, str]] = field(default_factory=list)
    """Path and recorded commit of each submodule."""
    absent: bool = False
    """True when files that sparse checkout left out are listed: their content is in the object store only."""

    def add(self, path: str, mode: str, oid: str) -> None:
        """Put an entry where its mode says; ``mode`` is six octal digits, ``oid`` may be ``""``."""
        if is_unsafe(path):
            self.skipped.append(Skipped(path, UNSAFE))
        elif mode.startswith("100"):
            self.files.append(SourceFile(path, FileKind.REGULAR, oid))
        elif mode == "120000":
            self.skipped.append(Skipped(path, SYMLINK))
        elif mode == "160000":
            self.submodules.append((path, oid))
        else:
            self.skipped.append(Skipped(path, "not a regular file"))


def list_work_tree(
    repository: Repository,
    prefix: str,
    emit: Emit,
    cancelled: IsCancelled,
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[Entries, str]:
    """List tracked and untracked files below ``prefix`` (a file or folder), and name the commit checked out.

    Ignored files are not listed. The commit is ``""`` before the first one.

    A file whose bytes are known to be those of its blob has ``blob_id``; one that was edited, is in conflict, only
    intended to be added, untracked, or that git was told not to look at has ``""``. ``meanwhile`` is called once git is
    at work.

    Raises:
        InputError: Git cannot read the index.
        Cancelled: ``cancelled()`` said so.
    """
    below = ("--", prefix.rstrip("/")) if prefix else ()
    calls: list[Running] = []
    try:
        calls.append(repository.launch("ls-files", "-s", "-v", "-z", *below))
        # Without --ignore-submodules git would run its status inside each submodule, with that one's settings.
        calls.append(repository.launch("diff-files", "-z", "--no-renames", "--ignore-submodules=all", *below))
        calls.append(repository.launch("ls-files", "-o", "--exclude-standard", "-z", *below))
        calls.append(repository.launch("rev-parse", "--verify", "--quiet", "HEAD^{commit}"))
        meanwhile()
        what = f"git cannot list {printable(repository.work_tree)}"
        # Git takes a file cut short for one padded with zeros, and lists what it makes of that.
        if not is_whole(repository.index_file or os.path.join(repository.git_dir, "index"), repository.object_format):
            raise InputError(f"The index of {printable(repository.work_tree)} is damaged.", DAMAGED_INDEX_HINT)
        # The index is taken apart while git still compares it with the files.
        plain, others_of_index = _split(_text(need(calls[0].finish(cancelled), what)).split("\0"))
        changed = _changes(_text(need(calls[1].finish(cancelled), what)))
        entries = _tracked(repository.work_tree, plain, others_of_index, changed)
        others = calls[2].finish(cancelled)
        _add_untracked(entries, repository.work_tree, _text(need(others, what)))
        head = calls[3].finish(cancelled)
    finally:
        for call in calls:
            call.stop()
    if b"could not open directory" in others.err:
        emit(Warned("Some folders cannot be read; untracked files in them are not listed."))
    return entries, _text(head.out).strip() if head.status == 0 else ""


def _text(out: bytes) -> str:
    return out.decode("utf-8", "surrogateescape")


def _changes(text: str) -> set[str]:
    """Select the paths of raw ``diff-files`` output: facts and path take turns."""
    return set(text.split("\0")[1::2])


def _split(records: list[str]) -> tuple[dict[str, SourceFile], list[tuple[str, str]]]:
    """Turn ``ls-files -s -v`` records (``H 100644 OID STAGE<tab>PATH``) into regular files by path, and the rest."""
    plain: dict[str, SourceFile] = {}
    rest: list[tuple[str, str]] = []
    regular = FileKind.REGULAR
    for record in records:
        head, _, path = record.partition("\t")
        if head[:5] == "H 100" and head[-1] == "0" and not is_unsafe(path):
            plain[path] = SourceFile(path, regular, head[9:-2])
        elif head:
            rest.append((head, path))
    return plain, rest


def _tracked(top: str, plain: dict[str, SourceFile], rest: list[tuple[str, str]], changed: set[str]) -> Entries:
    """Make entries of what ``_split`` gave, now that it is known which paths differ on disk."""
    entries = Entries()
    conflicts: set[str] = set()
    hidden = _Hidden(top)
    for path in changed:
        if plain.pop(path, None) is not None:
            _add_changed(entries, path, hidden.mode(path))
    entries.files += plain.values()
    for head, path in rest:
        if head[-1] != "0":
            if path not in conflicts:
                conflicts.add(path)
                _add_changed(entries, path, hidden.mode(path))
        elif path in changed and head[2:8] != "160000":
            _add_changed(entries, path, hidden.mode(path))
        elif head[0] in "Ssh" and head[2:8] != "160000":
            mode = hidden.mode(path)
            if mode == "000000" and head[0] in "Ss":
                entries.absent = entries.absent or head[2:5] == "100"
                entries.add(path, head[2:8], head[9:-2])
            else:
                _add_changed(entries, path, mode)
        else:
            entries.add(path, head[2:8], head[9:-2])
    return entries


def _add_changed(entries: Entries, path: str, mode: str) -> None:
    if mode == "000000":
        entries.skipped.append(Skipped(path, DELETED))
    else:
        entries.add(path, mode, "")


def _add_untracked(entries: Entries, top: str, text: str) -> None:
    hidden = _Hidden(top)
    for path in text.split("\0"):
        if path.endswith("/"):
            entries.skipped.append(Skipped(path.rstrip("/"), NESTED))
        elif path:
            mode = hidden.mode(path)
            if mode != "000000":
                entries.add(path, mode, "")


class _Hidden:
    """What is on disk where git does not say: looked up without opening anything."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._is_dir = lru_cache(maxsize=4096)(self._look_for_dir)

    def mode(self, path: str) -> str:
        """Return the git mode of what is at ``path``, ``000000`` if nothing is."""
        folder = path.rpartition("/")[0]
        if folder and not self._is_dir(folder):
            return "000000"
        try:
            facts = os.lstat(os.path.join(self._top, path))
        except (OSError, ValueError):
            return "000000"
        if stat.S_ISREG(facts.st_mode):
            return "100644"
        if stat.S_ISDIR(facts.st_mode):
            return "000000"
        return "120000" if stat.S_ISLNK(facts.st_mode) else "other"

    def _look_for_dir(self, folder: str) -> bool:
        # Asking from the top down and remembering spares one failing look-up per file of an absent tree.
        above = folder.rpartition("/")[0]
        if above and not self._is_dir(above):
            return False
        try:
            return stat.S_ISDIR(os.lstat(os.path.join(self._top, folder)).st_mode)
        except (OSError, ValueError):
            return False
