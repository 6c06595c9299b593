"""Processes below a process, and their memory, through /proc. Linux; elsewhere there is nothing to see."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

SAMPLE_EVERY_S = 0.05


class Sampler(threading.Thread):
    """Watches the memory of a process and its descendants through /proc."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.tree_mib = self.largest_mib = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        """Sample until told to stop."""
        while not self._over.wait(SAMPLE_EVERY_S):
            pids = [self._pid, *descendants(self._pid)]
            self.tree_mib = max(self.tree_mib, sum(_kib(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024)
            self.largest_mib = max(self.largest_mib, max(_kib(pid, "status", "VmRSS:") for pid in pids) / 1024)

    def stop(self) -> None:
        """Stop, if it ever ran."""
        self._over.set()
        if self.is_alive():
            self.join()


def descendants(pid: int) -> list[int]:
    """Process ids below ``pid``, on Linux; elsewhere none."""
    found: list[int] = []
    queue = [pid]
    while queue:
        for task in Path(f"/proc/{queue.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(word) for word in task.read_text().split()]
                found += children
                queue += children
    return found


def _kib(pid: int, name: str, key: str) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        for line in Path(f"/proc/{pid}/{name}").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1])
    return 0
