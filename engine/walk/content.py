"""The one way to the bytes of a listed file, from any process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from enum import Enum

from engine.model import SourceFile
from engine.walk.failures import ReadFailed, Vanished
from engine.walk.objects import ObjectReader
from engine.walk.repository import Repository
from engine.walk.safe_tree import SafeTree


class Stored(Enum):
    """Where the bytes are."""

    DISK = "disk"
    """In the work tree or folder."""
    ABSENT = "absent"
    """On disk, and in the object store for what sparse checkout left out."""
    OBJECTS = "objects"
    """In the object store: a revision or a bare repository."""


class ContentSource:
    """Reads files of a listing. Picklable: each process opens what it needs at its first read.

    One source serves one reader at a time; a lock makes threads take turns.
    """

    def __init__(self, root: str, stored: Stored, stores: tuple[tuple[str, Repository], ...] = ()) -> None:
        self.root = root
        """Absolute path that the listed paths are relative to."""
        self.stored = stored
        self.stores = stores
        """Repositories by path prefix (``""`` or ending in ``/``), submodules included."""
        self._prepare()

    def _prepare(self) -> None:
        self._process_id = os.getpid()
        self._lock = threading.Lock()
        self._tree = SafeTree(self.root)
        self._readers: dict[str, ObjectReader] = {}

    def __reduce__(self) -> tuple[Callable[..., ContentSource], tuple[object, ...]]:
        return ContentSource, (self.root, self.stored, self.stores)

    def read(self, file: SourceFile, limit_bytes: int) -> bytes:
        """Return the bytes of ``file`` as they are now (work tree) or as they are stored (revision).

        Raises:
            ReadFailed: Vanished, unreadable, no regular file, behind a link, larger than ``limit_bytes``, damaged.
            InputError: Git is needed and cannot be started.
        """
        if self._process_id != os.getpid():
            # After a fork the pipe and descriptors are the parent's: sharing them would mix up answers.
            self._prepare()
        with self._lock:
            if self.stored is Stored.OBJECTS:
                return self._reader(file.path).read(file.blob_id, limit_bytes)
            try:
                return self._tree.read(file.path, limit_bytes)
            except Vanished:
                if self.stored is Stored.DISK or not file.blob_id:
                    raise
                return self._reader(file.path).read(file.blob_id, limit_bytes)

    def close(self) -> None:
        """End processes and close descriptors; reading again is allowed."""
        with self._lock:
            self._tree.close()
            while self._readers:
                self._readers.popitem()[1].close()

    def _reader(self, path: str) -> ObjectReader:
        fitting = [prefix for prefix, _ in self.stores if path.startswith(prefix)]
        if not fitting:
            raise ReadFailed("no object store")
        prefix = max(fitting, key=len)
        if prefix not in self._readers:
            self._readers[prefix] = ObjectReader(dict(self.stores)[prefix])
        return self._readers[prefix]
