"""When and how often files changed, from plumbing that reads trees only."""

from __future__ import annotations

import time
from dataclasses import dataclass

from engine.walk.listing import Listing

LIMIT_S = 1.0
"""Time that reading the history may take; what was read by then counts."""


@dataclass(frozen=True, slots=True)
class Change:
    """The recent changes of one file."""

    last_change_s: int
    """Commit time of the newest commit that changed it, seconds since the epoch."""
    commits: int
    """Commits that changed it, among those looked at."""


def change_history(listing: Listing, *, max_commits: int = 1000, limit_s: float = LIMIT_S) -> dict[str, Change]:
    """Look at the newest commits of the first-parent line the listing stands on.

    Args:
        listing: Any listing; a folder has no history.
        max_commits: Commits to look at, at most.
        limit_s: Seconds to spend; a deep history is then cut short, newest commits first.

    Returns:
        Changes by path relative to the listing's root. Paths that no commit looked at has changed, or that do not
        exist any more, may be absent or present; nothing is said about submodules' files.
    """
    repository = listing.repository
    if repository is None or not listing.revision or max_commits < 1:
        return {}
    started = time.monotonic()
    walked = repository.run(
        "rev-list",
        "--first-parent",
        "--parents",
        "--timestamp",
        f"--max-count={max_commits}",
        listing.revision,
        limit_s=limit_s,
    )
    times: dict[str, int] = {}
    lines: list[str] = []
    for line in walked.out.decode("ascii", "replace").splitlines():
        words = line.split()
        if len(words) >= 2 and words[0].lstrip("-").isdigit():
            times[words[1]] = int(words[0])
            # With its parents named, a merge is compared to the first only.
            lines.append(" ".join(words[1:3]))
    prefix = listing.place.prefix
    below = ("--", prefix.rstrip("/")) if prefix else ()
    compared = repository.run(
        "diff-tree",
        "--stdin",
        "--root",
        "-r",
        "--name-only",
        "--no-renames",
        "-z",
        *below,
        stdin="".join(line + "\n" for line in lines).encode("ascii"),
        limit_s=max(0.0, limit_s - (time.monotonic() - started)),
    )
    names = compared.out.decode("utf-8", "surrogateescape").split("\0")
    changes: dict[str, Change] = {}
    now = 0
    # The last name may be cut off.
    for name in names[:-1]:
        if name in times:
            now = times[name]
        else:
            path = name[len(prefix) :]
            before = changes.get(path)
            changes[path] = Change(max(now, before.last_change_s), before.commits + 1) if before else Change(now, 1)
    return changes
