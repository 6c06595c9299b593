"""Where files stand in a pack, and which files differ between two scans: numbers of the engine as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.live import Chart, LivePack
from engine.visible import display_path
from engine.watch.limits import FILES_TOLD


class Standing:
    """One pack of one scan."""

    def __init__(self, chart: Chart, pack: LivePack) -> None:
        """Args: ``pack`` is of ``chart``."""
        self.chart, self.pack = chart, pack
        self._files = {file.path: at for at, file in enumerate(chart.columns.files)}

    def of(self, path: str) -> dict[str, Any] | None:
        """How a file is shown in the pack; None when it is not in scope.

        Args:
            path: Relative to the root.
        """
        file = self._files.get(path)
        if file is None or not self.pack.format:
            return None
        columns = self.chart.columns
        first, stop = np.searchsorted(columns.file, (file, file + 1))
        levels = self.pack.levels[first:stop]
        weights = np.bincount(levels, columns.tokens[first:stop, 0], 7)
        chunks = np.bincount(levels, minlength=7)
        return {
            "level": int(weights.argmax()),
            "tokens": int(self.pack.file_tokens[file]),
            "chunks": {str(level): int(number) for level, number in enumerate(chunks) if number},
        }


def differences(before: Chart | None, after: Chart) -> dict[str, Any] | None:
    """Files in scope that were added, changed or removed between two scans; None when there are none."""
    old: Mapping[str, str] = {} if before is None else {row.path: row.blob_id for row in before.columns.files}
    new = {row.path: row.blob_id for row in after.columns.files}
    found = {path: "added" if path not in old else "changed" for path, blob in new.items() if old.get(path) != blob}
    found |= {path: "removed" for path in old if path not in new}
    if before is None or not found:
        return None
    told = [{"path": display_path(path), "change": change} for path, change in sorted(found.items())]
    return {"files": told[:FILES_TOLD], "more": len(told[FILES_TOLD:])}


def joined(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Two changes on disk as one, where the first was not read before the second came."""
    by_path = {one["path"]: one for one in (*before["files"], *after["files"])}
    told = sorted(by_path.values(), key=lambda one: str(one["path"]))
    return {"files": told[:FILES_TOLD], "more": before["more"] + after["more"] + len(told[FILES_TOLD:])}
