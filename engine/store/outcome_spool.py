"""Outcomes of packs that wait for the database: small compressed files, each whole or not there.

A pack must not open a database to be remembered. Files are bounded by number and age; whoever opens the database next
takes them over.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MOST_FILES = 500
"""Files that wait; beyond them the oldest go."""
MOST_AGE_S = 90 * 86_400
"""Age at which a file goes."""
_MOST_BYTES = 8_000_000
"""Of a file, unpacked; a longer one is none of ours."""
_SUFFIX = ".json.z"
_FLAGS = os.O_CREAT | os.O_WRONLY | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class OutcomeSpool:
    """The waiting files of one database."""

    def __init__(self, folder: Path, most_files: int = MOST_FILES, most_age_s: float = MOST_AGE_S) -> None:
        self._folder, self._most_files, self._most_age_s = folder, most_files, most_age_s

    def put(self, values: Mapping[str, Any]) -> bool:
        """Keep values of JSON; False when the disk does not take them."""
        now_ns = time.time_ns()
        name = f"{now_ns:020d}-{os.getpid()}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
        draft = self._folder / f".{name}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(draft, _FLAGS, 0o600), "wb") as file:
                # Bytes of names that are no UTF-8 are escapes here, so they come back as they were.
                file.write(zlib.compress(json.dumps(values, separators=(",", ":")).encode("ascii"), 1))
            os.rename(draft, self._folder / name)
        except (OSError, ValueError, TypeError):
            with contextlib.suppress(OSError):
                draft.unlink()
            return False
        self._prune(now_ns)
        return True

    def read(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Give the values of each file, oldest first; a file that cannot be read gives none."""
        for name in self._names():
            values: dict[str, Any] = {}
            with contextlib.suppress(OSError, ValueError, zlib.error, RecursionError):
                unpacker = zlib.decompressobj()
                data = unpacker.decompress((self._folder / name).read_bytes(), _MOST_BYTES)
                found = json.loads(data) if unpacker.eof else None
                values = found if isinstance(found, dict) else {}
            yield self._folder / name, values

    def remove(self, path: Path) -> None:
        """Forget a file."""
        with contextlib.suppress(OSError):
            path.unlink()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._names())

    def _prune(self, now_ns: int) -> None:
        names = self._names()
        oldest = f"{max(0, now_ns - int(self._most_age_s * 1e9)):020d}"
        for at, name in enumerate(names):
            if name < oldest or at < len(names) - self._most_files:
                self.remove(self._folder / name)

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self._folder)
        except OSError:
            return []
        return sorted(name for name in names if name.endswith(_SUFFIX) and not name.startswith("."))
