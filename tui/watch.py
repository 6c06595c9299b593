"""Look for changes on disk, by the system's own notifications; the bridge starts this."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path, PurePath

QUIET_MS = 300
"""Changes closer together than this are one change: editors and git write in bursts."""
MOST_WAIT_MS = 2_000
"""A repository that never stops changing is looked at this often."""
_GIT_FILES = frozenset({"HEAD", "index", "packed-refs"})
"""What of ``.git`` tells of a commit, a checkout or an add."""


def is_of_interest(path: str) -> bool:
    """Whether a change of this path can change what is listed; git's own objects, locks and logs cannot."""
    parts = PurePath(path).parts
    if ".git" not in parts:
        return True
    inside = parts[parts.index(".git") + 1 :]
    return len(inside) == 1 and inside[0] in _GIT_FILES


def watch(folder: Path, stop: threading.Event, changed: Callable[[], None]) -> None:
    """Call ``changed`` after each burst of changes below a folder, until told to stop.

    Raises:
        OSError: the system will not watch that much, or the folder went away.
    """
    import watchfiles

    def wanted(change: watchfiles.Change, path: str) -> bool:
        return is_of_interest(path)

    for _ in watchfiles.watch(
        folder, watch_filter=wanted, stop_event=stop, debounce=MOST_WAIT_MS, step=QUIET_MS,
        raise_interrupt=False, ignore_permission_denied=True, yield_on_timeout=False, rust_timeout=500,
    ):  # fmt: skip
        changed()
