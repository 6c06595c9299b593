"""Reading blobs from an object store through one long-lived ``git cat-file --batch``."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections import deque
from typing import IO

from engine.walk.failures import ReadFailed, last_words
from engine.walk.repository import Repository

_DRAIN_LIMIT = 8 << 20
"""Up to this size an unwanted object is read and dropped; beyond, a new process is cheaper."""
_PIECE = 1 << 16


class ObjectReader:
    """Blobs of one repository by id. The process starts with the first read; not for use by two threads at once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: deque[bytes] = deque(maxlen=8)
        self._drain: threading.Thread | None = None

    def read(self, oid: str, limit_bytes: int) -> bytes:
        """Return the bytes of blob ``oid``.

        Raises:
            ReadFailed: It is missing, damaged or larger than ``limit_bytes``.
            InputError: Git cannot be started.
        """
        if not oid or not oid.isalnum():
            raise ReadFailed("no object id")
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(oid.encode("ascii") + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
        except OSError:
            header = []
        if len(header) == 2:
            raise ReadFailed(f"object {oid[:12]} is {header[1].decode('ascii', 'replace')}")
        if len(header) != 3:
            raise self._broken(oid)
        size = int(header[2])
        if size > limit_bytes:
            self._skip(process.stdout, size)
            raise ReadFailed(f"larger than {limit_bytes:,} bytes")
        data = process.stdout.read(size + 1)
        if len(data) != size + 1:
            raise self._broken(oid)
        if header[1] != b"blob":
            raise ReadFailed("not a blob")
        return data[:-1]

    def close(self) -> None:
        """End the process; a later ``read`` starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        process.kill()
        process.wait()
        if self._drain is not None:
            self._drain.join()
        if process.stderr is not None:
            process.stderr.close()

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = self._repository.start("cat-file", "--batch", pipe=True)
        assert self._process.stderr is not None
        self._errors.clear()
        self._drain = threading.Thread(target=self._collect, args=(self._process.stderr,), daemon=True)
        self._drain.start()
        return self._process

    def _collect(self, stderr: IO[bytes]) -> None:
        # Complaints nobody reads would fill the pipe and stop git.
        with contextlib.suppress(OSError, ValueError):
            while line := stderr.readline(_PIECE):
                self._errors.append(line)

    def _broken(self, oid: str) -> ReadFailed:
        """Explain why git stopped at an object, and let the next read start afresh."""
        self.close()
        return ReadFailed(f"object {oid[:12]} cannot be read: {last_words(b''.join(self._errors))}")

    def _skip(self, stdout: IO[bytes], size: int) -> None:
        if size > _DRAIN_LIMIT:
            self.close()
            return
        left = size + 1
        while left > 0 and (piece := stdout.read(min(left, _PIECE))):
            left -= len(piece)
