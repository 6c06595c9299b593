"""Which analyser made a cached row: a digest of the code and data that analyses depend on.

Hashing the sources instead of keeping a number by hand means that no change of a query, a rule or a level can be
served from an old cache.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

_ROOMS = ("engine.chunk", "engine.classify", "engine.levels")
_MODULES = ("job.py", "record.py")


@cache
def analyzer_version() -> bytes:
    """Digest of everything an analysis depends on beside the file, 8 bytes."""
    digest = hashlib.blake2b(digest_size=8)
    for room in _ROOMS:
        _add(digest, resources.files(room))
    here = resources.files("engine.scan")
    for name in _MODULES:
        digest.update((here / name).read_bytes())
    return digest.digest()


def _add(digest: hashlib.blake2b, folder: resources.abc.Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir() and entry.name != "__pycache__":
            _add(digest, entry)
        elif entry.name.endswith((".py", ".toml", ".scm")):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
