"""Which lines of the version before them past commits edited: what a pack of that version should have shown.

Commits are compared backwards, so a hunk's lines are those of the parent; where a commit only added lines, the line
above them stands for the place.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import Cancelled
from engine.events import IsCancelled, never
from engine.walk.listing import Listing
from engine.walk.patch import read_patch

LIMIT_S = 20.0
"""Seconds that one reading of a history may take; what was read by then counts."""
_BIG_FILE = "1m"
"""Beyond this size git compares no lines."""
_LONGEST_MESSAGE = 4_000
_MOST_LINES = 5_000
"""Lines of a file that are listed; whoever asks for edits of a person wants far fewer."""


@dataclass(frozen=True, slots=True)
class PastEdit:
    """A commit that is no merge and has a parent."""

    commit: str
    parent: str
    committed_s: int
    """Seconds since the epoch."""
    message: str
    """Its first characters."""
    files: tuple[tuple[str, tuple[int, ...]], ...]
    """Path relative to the listing's root, and lines of the parent's version that were deleted, changed or inserted
    behind, from 1; nothing for a new file."""


def past_edits(
    listing: Listing, *, max_commits: int, skip: int = 0, limit_s: float = LIMIT_S, cancelled: IsCancelled = never
) -> list[PastEdit]:
    """Look at commits of the first-parent line the listing stands on, newest first.

    Args:
        listing: Any listing; a folder has no history.
        max_commits: Commits to look at, at most.
        skip: Newest commits to pass over.
        limit_s: Seconds to spend; a history that takes longer is cut short.
        cancelled: Asked while git runs.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    if listing.repository is None or not listing.revision or max_commits < 1:
        return []
    started_s = time.monotonic()
    bounded = (*listing.repository.overrides, ("core.bigFileThreshold", _BIG_FILE), ("core.quotePath", "true"))
    repository = replace(listing.repository, overrides=bounded)
    prefix = listing.place.prefix
    below = ("--", prefix.rstrip("/")) if prefix else ()
    told = repository.run(
        "rev-list", "--first-parent", "--no-merges", f"--max-count={max_commits}", f"--skip={skip}",
        "--format=%H %ct %P%x01%B%x00", listing.revision, *below, cancelled=cancelled, limit_s=limit_s,
    )  # fmt: skip
    heads: dict[str, tuple[str, int, str]] = {}
    for record in told.out.decode("utf-8", "replace").split("\0")[:-1]:
        head, _, message = record.partition("\1")
        words = head.rpartition("\n")[2].split()
        # What has no parent edited nothing.
        if len(words) == 3 and words[1].isdigit():
            heads[words[0]] = (words[2], int(words[1]), message[:_LONGEST_MESSAGE].strip())
    if cancelled():
        raise Cancelled("interrupted")
    changed = repository.run(
        "diff-tree", "--stdin", "-R", "-r", "-p", "-U0", "--no-renames", "--no-color", "--no-ext-diff",
        "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all", *below,
        stdin="".join(f"{commit}\n" for commit in heads).encode("ascii", "replace"),
        cancelled=cancelled, limit_s=max(0.0, limit_s - (time.monotonic() - started_s)),
    )  # fmt: skip
    out = changed.out.rpartition(b"diff --git ")[0] if changed.timed_out else changed.out
    files: dict[str, list[tuple[str, tuple[int, ...]]]] = {commit: [] for commit in heads}
    for patched in read_patch(out):
        if patched.path.startswith(prefix) and patched.commit in files and not patched.deleted:
            files[patched.commit].append((patched.path[len(prefix) :], _lines(patched.hunks)))
    return [
        PastEdit(commit, parent, at_s, message, tuple(files[commit]))
        for commit, (parent, at_s, message) in heads.items()
    ]


def _lines(hunks: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    found: list[int] = []
    for start, here, _ in hunks:
        # Without lines of its own a hunk names the line above, which is 0 at the top of a file.
        found += range(start, start + here) if here else [start] if start else []
        if len(found) > _MOST_LINES:
            break
    return tuple(sorted(set(found[:_MOST_LINES])))
