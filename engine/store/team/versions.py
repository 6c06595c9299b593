"""What rows of a shared cache depend on beside the blob, the same on every machine with the same program."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from engine.scan.version import analyzer_version


def row_versions() -> dict[str, bytes]:
    """``version`` of analyses and ``counter`` of counts, by the names that questions to the server use."""
    return {"version": analyzer_version(), "counter": analyzer_version() + _counting()}


@cache
def _counting() -> bytes:
    """Digest of the code and data that counts; vocabularies are named by their encoding."""
    digest = hashlib.blake2b(digest_size=8)
    folder = resources.files("engine") / "tokens"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith((".py", ".toml")):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
    return digest.digest()
