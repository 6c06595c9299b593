"""Which analyser made a cached row: a digest of the code and data that analyses depend on.

Hashing the sources instead of keeping a number by hand means that no change of a query, a rule or a level can be
served from an old cache.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

_ANALYSIS = ("chunk", "classify", "levels", "scan")
_SUMMARY = (*_ANALYSIS, "rank", "render", "usecases")


@cache
def analyzer_version() -> bytes:
    """Digest of everything the analysis of a file depends on beside the file, 8 bytes."""
    return _digest(_ANALYSIS)


@cache
def summary_version() -> bytes:
    """Digest of everything that what is kept about a whole repository depends on beside its files, 8 bytes."""
    return _digest(_SUMMARY)


@cache
def packer_version() -> bytes:
    """Digest of what chooses levels, 8 bytes."""
    return _digest(("pack",))


def _digest(rooms: tuple[str, ...]) -> bytes:
    digest = hashlib.blake2b(digest_size=8)
    # Read as files of the top package: asking for the rooms by name would import them, and numpy with them.
    top = resources.files("engine")
    for room in rooms:
        _add(digest, top / room)
    return digest.digest()


def _add(digest: hashlib.blake2b, folder: resources.abc.Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir() and entry.name != "__pycache__":
            _add(digest, entry)
        elif entry.name.endswith((".py", ".toml", ".scm")):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
