"""What changed since a revision: files, and the lines of them, up to the work tree or another revision.

Only plumbing runs: no external diff, no textconv, no filter, no hook. Large files count as changed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from engine.errors import InputError
from engine.events import IsCancelled, never
from engine.walk.content import Stored
from engine.walk.failures import printable
from engine.walk.listing import Listing
from engine.walk.patch import Patched, read_patch
from engine.walk.repository import Finished, Repository, need
from engine.walk.tree import resolve_revision

LIMIT_S = 60.0
"""Time that comparing may take; files that were not reached by then count as changed as a whole."""
_BIG_FILE = "4m"
"""Beyond this size git compares no lines."""
_SINCE_COMMON = "..."
"""Behind a revision: since the commit from which it and what is packed went apart."""
Kind = Literal["added", "modified", "deleted", "renamed"]
_KINDS: dict[str, Kind] = {"A": "added", "D": "deleted"}


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring lines that changed."""

    start: int
    """First new line, from 1; where lines were only taken away, the line above them, 0 at the top."""
    added: int
    """New lines, 0 where lines were only taken away."""
    removed: int
    """Old lines that are gone."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """What changed in one file."""

    path: str
    """Relative to the listing's root; of a deleted file the path that it had."""
    kind: Kind
    hunks: tuple[Hunk, ...] = ()
    """In the order of the file; empty where no lines were compared, or none changed."""
    old_path: str = ""
    """Path that a renamed file had, relative to the root where it was below it."""
    whole: bool = False
    """All of it counts as changed: it is new, binary, or too large for comparing lines."""

    @property
    def added(self) -> int:
        """New lines."""
        return sum(hunk.added for hunk in self.hunks)

    @property
    def removed(self) -> int:
        """Lines that are gone."""
        return sum(hunk.removed for hunk in self.hunks)


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed below the listing's root."""

    base: str
    """Id of the commit that was compared with."""
    files: tuple[FileChange, ...]
    """By path."""


def changes_since(listing: Listing, revision: str, *, cancelled: IsCancelled = never) -> Changes:
    """Compare a listing with a revision.

    Args:
        listing: A work tree, whose untracked files count as added, or another revision.
        revision: What to compare with. ``main...`` stands for the commit from which ``main`` and the listing's commit
            went apart.
        cancelled: Asked several times a second.

    Raises:
        InputError: no repository, or no such revision; names the nearest branches and tags.
        Cancelled: ``cancelled`` said so.
    """
    repository = listing.repository
    if repository is None:
        raise InputError(
            f"{printable(str(listing.root))} is not in a git repository, so nothing is known to have changed in it",
            "leave --diff out",
        )
    base = _base(repository, revision, listing.revision)
    on_disk = listing.content.stored is not Stored.OBJECTS
    prefix = listing.place.prefix
    wanted = prefix + listing.place.only
    below = ("--", wanted.rstrip("/")) if wanted else ()
    sides = ("diff-index", base) if on_disk else ("diff-tree", "-r", base, listing.revision)
    patch = _Patch(repository, sides, below, cancelled)
    found: dict[str, FileChange] = {}
    for change in patch.changes():
        # A link in place of a file, or the other way round, is told as both.
        twice = change.path in found
        found[change.path] = replace(change, kind="modified", whole=True) if twice else change
    if on_disk:
        listed = repository.run("ls-files", "-o", "--exclude-standard", "-z", *below, cancelled=cancelled)
        for path in listed.out.decode("utf-8", "surrogateescape").split("\0"):
            if path and not path.endswith("/"):
                # Taken out of the index only, it is gone from what git compares, and still here.
                found[path] = FileChange(path, "modified" if path in found else "added", whole=True)
    cut = len(prefix)
    files = [
        replace(change, path=change.path[cut:], old_path=change.old_path.removeprefix(prefix))
        for change in found.values()
        if change.path.startswith(prefix)
    ]
    return Changes(base, tuple(sorted(files, key=lambda change: change.path)))


def _base(repository: Repository, revision: str, here: str) -> str:
    if not revision.endswith(_SINCE_COMMON) or not here:
        return resolve_revision(repository, revision)
    other = resolve_revision(repository, revision.removesuffix(_SINCE_COMMON))
    found = repository.run("merge-base", other, here)
    common = found.out.decode("ascii", "replace").split()
    if found.status != 0 or not common:
        raise InputError(
            f"{printable(revision)!r} has no commit in common with what is packed",
            "leave the dots out to compare with the revision itself",
        )
    return common[0]


class _Patch:
    """One comparison by git."""

    def __init__(
        self, repository: Repository, sides: tuple[str, ...], below: tuple[str, ...], cancelled: IsCancelled
    ) -> None:
        bounded = (*repository.overrides, ("core.bigFileThreshold", _BIG_FILE), ("core.quotePath", "true"))
        self._repository = replace(repository, overrides=bounded)
        self._command, self._revisions, self._below = sides[0], sides[1:], below
        self._cancelled = cancelled

    def changes(self) -> Iterator[FileChange]:
        """Changes with paths from the top of the repository."""
        plain = ("-p", "-U0", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")
        finished = self._run(*plain, "-M")
        if finished.status and not finished.timed_out:
            # An object may be missing. Of what is gone, and for renames, git need not read any.
            finished = self._run(*plain, "--no-renames", "--irreversible-delete")
        whole = not (finished.status or finished.timed_out)
        read: set[str] = set()
        for patched in read_patch(finished.out if whole else finished.out.rpartition(b"diff --git ")[0]):
            read.update((patched.path, patched.old_path))
            yield _change(patched)
        if not whole:
            yield from self._unread(read)

    def _unread(self, read: set[str]) -> Iterator[FileChange]:
        """Files whose lines could not be compared, or not in time: facts and path take turns."""
        listed = need(self._run("--raw", "--no-renames", "-z"), "git cannot compare with that revision")
        words = listed.decode("utf-8", "surrogateescape").split("\0")
        for facts, path in zip(words[::2], words[1::2], strict=False):
            kind = facts.rpartition(" ")[2][:1]
            if path not in read:
                yield FileChange(path, _KINDS.get(kind, "modified"), whole=True)

    def _run(self, *options: str) -> Finished:
        fixed = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
        words = (self._command, *options, *fixed, *self._revisions, *self._below)
        return self._repository.run(*words, cancelled=self._cancelled, limit_s=LIMIT_S)


def _change(patched: Patched) -> FileChange:
    kind: Kind = "modified"
    if patched.deleted:
        kind = "deleted"
    elif patched.added:
        kind = "added"
    elif patched.old_path != patched.path:
        kind = "renamed"
    hunks = tuple(Hunk(start, added, removed) for start, added, removed in patched.hunks)
    return FileChange(
        path=patched.path,
        kind=kind,
        hunks=hunks,
        old_path=patched.old_path if kind == "renamed" else "",
        whole=patched.added or (not hunks and patched.binary),
    )
