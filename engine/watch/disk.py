"""The thread that hears of changes on disk, by the system's own notifications."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import PurePath

_QUIET_MS = 100
"""Changes closer together than this are one change: editors and git write in bursts."""
_MOST_WAIT_MS = 1_000
"""A folder that never stops changing is looked at this often."""
_GIT_FILES = frozenset({"HEAD", "index", "packed-refs"})
"""What of ``.git`` tells of a commit, a checkout or an add."""


class Disk:
    """Calls back after each burst of changes below a folder."""

    def __init__(self, folder: str, changed: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Prepare; ``failed`` is told when the system will not watch."""
        self._folder, self._changed, self._failed = folder, changed, failed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="packsight-disk", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, wait_s: float) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        import watchfiles

        try:
            for _ in watchfiles.watch(
                self._folder, watch_filter=lambda _, path: is_of_interest(path), stop_event=self._stop,
                debounce=_MOST_WAIT_MS, step=_QUIET_MS, raise_interrupt=False, ignore_permission_denied=True,
                rust_timeout=500,
            ):  # fmt: skip
                self._changed()
        except (OSError, RuntimeError) as error:
            if not self._stop.is_set():
                self._failed(f"changes on disk are not noticed: {error}")


def is_of_interest(path: str) -> bool:
    """Whether a change of this path can change what is listed; git's own objects, locks and logs cannot."""
    parts = PurePath(path).parts
    if ".git" not in parts:
        return True
    inside = parts[parts.index(".git") + 1 :]
    return len(inside) == 1 and inside[0] in _GIT_FILES
