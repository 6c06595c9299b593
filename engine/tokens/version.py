"""Which tokenizer made a count: counts kept beside this can be believed as long as it stays the same."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from engine.tokens.plugged import counted_as
from engine.tokens.registry import registered

_ENGINES = ("splintr", "tiktoken")


def counting_version(encoding: str) -> bytes:
    """Digest of the programs and files that count with an encoding, 16 bytes; loads none of them.

    Files are known by size and time of change, which is what an update or an edit changes.
    """
    digest = hashlib.blake2b(f"{counted_as(encoding)}\0{sys.version}".encode(), digest_size=16)
    spec = registered(encoding)
    digest.update(repr(spec).encode())
    if spec is not None and spec.ranks is not None:
        _add(digest, spec.ranks)
    _add(digest, Path(__file__).parent)
    for name in _ENGINES:
        found = find_spec(name)
        if found is not None and found.origin is not None:
            _add(digest, Path(found.origin).parent)
    return digest.digest()


def _add(digest: hashlib.blake2b, path: Path) -> None:
    """Add what is known about a file without reading it, or about all files of a folder."""
    try:
        if path.is_dir():
            with os.scandir(path) as entries:
                for name in sorted(entry.name for entry in entries if entry.name != "__pycache__"):
                    _add(digest, path / name)
            return
        status = path.stat()
        digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    except OSError:
        digest.update(os.urandom(16))  # what cannot be looked at may be anything: nothing is believed
