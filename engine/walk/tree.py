"""Listing a revision, or a repository without a work tree, from its tree objects."""

from __future__ import annotations

import difflib

from engine.errors import InputError
from engine.events import IsCancelled, never
from engine.walk.failures import printable
from engine.walk.repository import Repository, need
from engine.walk.work_tree import Entries

_MOST_NAMES = 5000


def head_commit(repository: Repository) -> str:
    """Return the id of the commit that is checked out, or ``""`` when there is none yet."""
    return _commit(repository, "HEAD")


def resolve_revision(repository: Repository, revision: str) -> str:
    """Return the commit id that ``revision`` names.

    Raises:
        InputError: It names none; the message offers the nearest branches and tags.
    """
    # A leading dash would be an option to git; no ref name may start with one.
    if revision and not revision.startswith("-") and revision.isprintable():
        commit = _commit(repository, revision)
        if commit:
            return commit
    listed = repository.run(
        "for-each-ref", f"--count={_MOST_NAMES}", "--format=%(refname)", "refs/heads", "refs/tags", "refs/remotes"
    )
    refs = listed.out.decode("utf-8", "surrogateescape").splitlines() if listed.status == 0 else []
    names = [ref.split("/", 2)[2] for ref in refs]
    near = difflib.get_close_matches(revision, names, n=3, cutoff=0.5) or names[:3]
    hint = "Nearest: " + ", ".join(printable(name) for name in near) if near else "It has no branches or tags yet."
    raise InputError(f"{printable(revision)!r} is not a revision of this repository.", hint)


def list_tree(repository: Repository, commit: str, cancelled: IsCancelled = never) -> Entries:
    """List every path of a commit; blob ids are known for all.

    Raises:
        InputError: A tree object is missing or damaged.
        Cancelled: ``cancelled()`` said so.
    """
    # No -l: sizes would make git look into every blob and fetch the missing ones.
    finished = repository.launch("ls-tree", "-r", "-z", "--full-tree", commit).finish(cancelled)
    text = need(finished, f"git cannot list revision {commit[:12]}").decode("utf-8", "surrogateescape")
    entries = Entries()
    for record in text.split("\0"):
        head, _, path = record.partition("\t")
        if head:
            mode, _, oid = head.split(" ")
            entries.add(path, mode, oid)
    return entries


def _commit(repository: Repository, revision: str) -> str:
    found = repository.run("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    return found.out.decode("ascii", "replace").strip() if found.status == 0 else ""
