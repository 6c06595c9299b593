"""How far a log has been read, and how to tell that it is still the same log."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO

PROBE_BYTES = 4096
"""Bytes at the start, and before the offset, that must be what they were."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where reading of a log stopped. The empty one means from the start.

    Programs append to logs, but also rotate, truncate and rewrite them: the digests of the log's head and of the bytes
    before ``offset`` tell. Small enough to be kept as JSON, one for each log.
    """

    offset: int = 0
    """Bytes read; for a database the last row."""
    line: int = 0
    """Lines before ``offset``."""
    size: int = 0
    """Bytes that the log had."""
    modified_ns: int = 0
    """When the log was last written to, as the file system says."""
    inode: int = 0
    """The file's number in its file system."""
    head: str = ""
    """Digest of the first bytes, ``PROBE_BYTES`` or as many as had been read."""
    mark: str = ""
    """Digest of the bytes just before ``offset``."""
    state: Mapping[str, object] = field(default_factory=dict)
    """What the importer has to know about what it has read, such as running totals; JSON values only."""

    def to_json(self) -> dict[str, object]:
        """Return the cursor as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__} | {"state": dict(self.state)}

    @classmethod
    def from_json(cls, found: object) -> Cursor:
        """Return the cursor of ``to_json``; the empty one for anything else, which only means reading again."""
        if not isinstance(found, dict):
            return cls()
        whole = {name: found.get(name, 0) for name in ("offset", "line", "size", "modified_ns", "inode")}
        texts = {name: found.get(name, "") for name in ("head", "mark")}
        state = found.get("state", {})
        if not all(type(value) is int and value >= 0 for value in whole.values()):
            return cls()
        if not all(type(value) is str for value in texts.values()) or not isinstance(state, dict):
            return cls()
        return cls(**whole, **texts, state=state)

    def unchanged(self, found: os.stat_result) -> bool:
        """Whether a log is, by size, time and number, the one that was read to this point."""
        return bool(self.size) and (found.st_size, found.st_mtime_ns, found.st_ino) == (
            self.size,
            self.modified_ns,
            self.inode,
        )

    def continues(self, stream: BinaryIO, size: int) -> bool:
        """Whether a log begins with what was read, so that reading may go on at ``offset``."""
        if not 0 < self.offset <= size:
            return False
        return (self.head, self.mark) == digests(stream, self.offset)


def take(stream: BinaryIO, offset: int, line: int, state: Mapping[str, object]) -> Cursor:
    """Return the cursor of an open log at an offset."""
    found = os.fstat(stream.fileno())
    back = stream.tell()
    head, mark = digests(stream, offset)
    stream.seek(back)
    return Cursor(offset, line, found.st_size, found.st_mtime_ns, found.st_ino, head, mark, state)


def digests(stream: BinaryIO, offset: int) -> tuple[str, str]:
    """Return the digests of a log's head and of the bytes before an offset."""
    near = min(offset, PROBE_BYTES)
    stream.seek(0)
    head = stream.read(near)
    stream.seek(offset - near)
    return _digest(head), _digest(stream.read(near))


def is_regular(path: os.PathLike[str]) -> bool:
    """Whether a path is a file that can be read from any place: no folder, pipe or device."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
