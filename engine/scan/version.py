"""Which analyser made a cached row: a digest of the code and data that analyses depend on.

Hashing the sources instead of keeping a number by hand means that no change of a query, a rule or a level can be
served from an old cache.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from engine.plugins import ANALYSIS, installed, version_of

_ANALYSIS = ("chunk", "classify", "levels", "scan")
_SUMMARY = (*_ANALYSIS, "rank", "render", "usecases")


def analyzer_version() -> bytes:
    """Digest of everything the analysis of a file depends on beside the file, plugins too, 8 bytes."""
    return _with_plugins(_digest(_ANALYSIS), with_troubles=True)


def summary_version() -> bytes:
    """Digest of everything that what is kept about a whole repository depends on beside its files, 8 bytes.

    Loads no plugin. What was made while one was left out is not kept.
    """
    return _with_plugins(_digest(_SUMMARY), with_troubles=False)


def packer_version() -> bytes:
    """Digest of what chooses levels, 8 bytes; plugins that write packs are part of it."""
    return _joined(_digest(("pack",)), version_of(installed("packsight.formats")))


def _with_plugins(own: bytes, *, with_troubles: bool) -> bytes:
    using = [plugin for group in ANALYSIS for plugin in installed(group)]
    return _joined(own, version_of(using, with_troubles=with_troubles))


def _joined(own: bytes, plugins: bytes) -> bytes:
    return hashlib.blake2b(own + plugins, digest_size=8).digest() if plugins else own


@cache
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
