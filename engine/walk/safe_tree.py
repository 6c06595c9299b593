"""Reading files below a root such that no symbolic link, device or crafted name leads out of it or blocks."""

from __future__ import annotations

import errno
import os
import re
import stat

from engine.walk.failures import ReadFailed, Vanished

_UNSAFE = re.compile(r"(?:^|/)(?:\.{0,2}|\.git)(?:/|$)", re.IGNORECASE)

_CAN_DESCEND = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
# A FIFO opened without O_NONBLOCK waits for a writer for ever; O_NOCTTY keeps a terminal device from adopting us.
_FILE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_READ_AT_ONCE = 1 << 20


def is_unsafe(path: str) -> bool:
    """Say whether a listed path could name something outside the root or inside ``.git``.

    Git never writes such paths, but an index or tree made by hand can hold them.
    """
    return "\0" in path or _UNSAFE.search(path) is not None or (os.name == "nt" and ("\\" in path or ":" in path))


class SafeTree:
    """Opens files below one root, going down directory by directory and following no link.

    Keeps the directories of the last path open, so reading in sorted order opens each directory once.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._open: list[tuple[str, int]] = []
        """Directories of the last path from the root down, with descriptors; the root is first, named ``""``."""

    def read(self, path: str, limit_bytes: int) -> bytes:
        """Read the regular file ``path``.

        Raises:
            Vanished: It is not there (any more).
            ReadFailed: It is a link or device, lies behind a link, is unreadable or larger than ``limit_bytes``.
        """
        if is_unsafe(path):
            raise ReadFailed("name leads outside the root")
        try:
            descriptor = self._open_file(path)
        except OSError as error:
            raise _why(error) from error
        try:
            return _read_all(descriptor, limit_bytes)
        except OSError as error:
            raise _why(error) from error
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Give up the open directories; a later ``read`` opens them again."""
        while self._open:
            os.close(self._open.pop()[1])

    def _open_file(self, path: str) -> int:
        if not _CAN_DESCEND:
            return self._open_checked(path)
        *parents, name = path.split("/")
        return os.open(name.encode("utf-8", "surrogateescape"), _FILE, dir_fd=self._descend(parents))

    def _descend(self, parents: list[str]) -> int:
        if not self._open:
            # The root was named by a person: links on the way to it are theirs.
            self._open.append(("", os.open(self.root, _DIRECTORY & ~getattr(os, "O_NOFOLLOW", 0))))
        shared = 0
        while shared < len(parents) and shared + 1 < len(self._open) and self._open[shared + 1][0] == parents[shared]:
            shared += 1
        while len(self._open) > shared + 1:
            os.close(self._open.pop()[1])
        for part in parents[shared:]:
            below = os.open(part.encode("utf-8", "surrogateescape"), _DIRECTORY, dir_fd=self._open[-1][1])
            self._open.append((part, below))
        return self._open[-1][1]

    def _open_checked(self, path: str) -> int:
        """Stand in for descriptors where the system has none for directories: look first, compare after."""
        at = self.root
        for part in path.split("/"):
            at = os.path.join(at, part)
            seen = os.lstat(at)
            if stat.S_ISLNK(seen.st_mode) or getattr(seen, "st_reparse_tag", 0) != 0:
                raise OSError(errno.ELOOP, "symbolic link")
        if not stat.S_ISREG(seen.st_mode):
            raise ReadFailed("not a regular file")
        descriptor = os.open(at, _FILE)
        if not os.path.samestat(seen, os.fstat(descriptor)):
            os.close(descriptor)
            raise ReadFailed("changed while it was opened")
        return descriptor


def _read_all(descriptor: int, limit_bytes: int) -> bytes:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise ReadFailed("not a regular file")
    if facts.st_size > limit_bytes:
        raise ReadFailed(f"larger than {limit_bytes:,} bytes")
    pieces: list[bytes] = []
    left = limit_bytes + 1
    ask = min(facts.st_size + 1, left)
    while ask > 0 and (piece := os.read(descriptor, ask)):
        pieces.append(piece)
        left -= len(piece)
        # A regular file gives less than asked for only at its end: one call less per file.
        if len(piece) < ask:
            break
        ask = min(left, _READ_AT_ONCE)
    if left <= 0:
        raise ReadFailed(f"larger than {limit_bytes:,} bytes")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _why(error: OSError) -> ReadFailed:
    if error.errno in (errno.ENOENT, errno.ESTALE):
        return Vanished("vanished during the scan")
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK):
        return ReadFailed("behind a symbolic link or no longer a file")
    if error.errno in (errno.EACCES, errno.EPERM):
        return ReadFailed("permission denied")
    if error.errno in (errno.ENXIO, errno.EISDIR, errno.ENODEV):
        return ReadFailed("not a regular file")
    return ReadFailed(f"unreadable: {os.strerror(error.errno or 0)}")
