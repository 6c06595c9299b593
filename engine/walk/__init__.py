"""From a path to the list of what is to be analysed, and to the bytes of each file.

In: a git repository (work tree, bare, any revision), a folder or a file. Out: ``Listing`` with ``SourceFile`` entries,
skipped paths with reasons, and a ``ContentSource`` that worker processes read through. This room must not run anything
that a repository configures, follow a link out of the root, write, use the network, or interpret content.

Names are loaded when they are first used: importing this package loads neither GitPython nor pathspec.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.walk.blobs import blob_id, lfs_pointer_size
    from engine.walk.changes import Changes, FileChange, Hunk, changes_since
    from engine.walk.commits import Commit, recent_commits
    from engine.walk.content import ContentSource
    from engine.walk.edits import PastEdit, past_edits
    from engine.walk.failures import ReadFailed
    from engine.walk.history import Change, change_history
    from engine.walk.identity import earlier_identities, other_spellings, repository_identity
    from engine.walk.listing import Listing, open_listing

__all__ = [
    "Change",
    "Changes",
    "Commit",
    "ContentSource",
    "FileChange",
    "Hunk",
    "Listing",
    "PastEdit",
    "ReadFailed",
    "blob_id",
    "change_history",
    "changes_since",
    "earlier_identities",
    "lfs_pointer_size",
    "open_listing",
    "other_spellings",
    "past_edits",
    "recent_commits",
    "repository_identity",
]

_HOMES = {
    "Change": "history",
    "Changes": "changes",
    "Commit": "commits",
    "ContentSource": "content",
    "FileChange": "changes",
    "Hunk": "changes",
    "Listing": "listing",
    "PastEdit": "edits",
    "ReadFailed": "failures",
    "blob_id": "blobs",
    "change_history": "history",
    "changes_since": "changes",
    "earlier_identities": "identity",
    "lfs_pointer_size": "blobs",
    "open_listing": "listing",
    "other_spellings": "identity",
    "past_edits": "edits",
    "recent_commits": "commits",
    "repository_identity": "identity",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
