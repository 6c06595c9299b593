"""What the last commits said and which lines they changed, from plumbing that runs nothing of the repository's."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from engine.walk.listing import Listing
from engine.walk.patch import read_patch

MOST_COMMITS = 600
"""Commits that are looked at: about a millisecond each. Older ones were measured to tell little more."""
LIMIT_S = 6.0
"""Time that reading may take, as a net for histories of huge changes; what was read by then counts."""
_BIG_FILE = "1m"
"""Beyond this size git compares no lines."""
_LONGEST_MESSAGE = 4_000
Hunks = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit that is no merge."""

    message: str
    """Its first characters."""
    files: tuple[tuple[str, Hunks], ...]
    """Path relative to the listing's root, and hunks of each file: first new line (the one above, where nothing was
    added), lines added, lines removed."""


def recent_commits(listing: Listing, *, max_commits: int = MOST_COMMITS, limit_s: float = LIMIT_S) -> list[Commit]:
    """Look at the newest commits that led to the one the listing stands on, newest first.

    Args:
        listing: Any listing; a folder has no history.
        max_commits: Commits to look at, at most.
        limit_s: Seconds to spend; a history that takes longer is cut short.

    Returns:
        Commits without merges; renames are a file gone and another one added. A first commit, which added everything,
        is told without files.
    """
    if listing.repository is None or not listing.revision or max_commits < 1:
        return []
    started_s = time.monotonic()
    bounded = (*listing.repository.overrides, ("core.bigFileThreshold", _BIG_FILE), ("core.quotePath", "true"))
    repository = replace(listing.repository, overrides=bounded)
    prefix = listing.place.prefix
    below = ("--", prefix.rstrip("/")) if prefix else ()
    told = repository.run(
        "rev-list", "--no-merges", f"--max-count={max_commits}", "--format=%H%x01%B%x00", listing.revision, *below,
        limit_s=limit_s,
    )  # fmt: skip
    messages: dict[str, str] = {}
    for record in told.out.decode("utf-8", "replace").split("\0")[:-1]:
        head, _, message = record.partition("\1")
        messages[head.rpartition("\n")[2]] = message[:_LONGEST_MESSAGE]
    changed = repository.run(
        "diff-tree", "--stdin", "-r", "-p", "-U0", "--no-renames", "--no-color", "--no-ext-diff",
        "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all", *below,
        stdin="".join(f"{commit}\n" for commit in messages).encode("ascii", "replace"),
        limit_s=max(0.0, limit_s - (time.monotonic() - started_s)),
    )  # fmt: skip
    out = changed.out.rpartition(b"diff --git ")[0] if changed.timed_out else changed.out
    files: dict[str, list[tuple[str, Hunks]]] = {commit: [] for commit in messages}
    for patched in read_patch(out):
        if patched.path.startswith(prefix) and patched.commit in files:
            files[patched.commit].append((patched.path[len(prefix) :], tuple(patched.hunks)))
    return [Commit(message, tuple(files[commit])) for commit, message in messages.items()]
