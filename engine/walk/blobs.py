"""Facts that the bytes of a file tell on their own: git's name for them, and whether they stand for other bytes."""

from __future__ import annotations

import hashlib
import re

POINTER_LIMIT_BYTES = 1024
"""A Git LFS pointer is smaller than this. Source: the Git LFS specification, "The Pointer"."""

_POINTER = re.compile(rb"version https?://(?:git-lfs\.github\.com|hawser\.github\.com|git-media\.io)/spec/[^\n]*\n")
_SIZE = re.compile(rb"^size (\d{1,18})$", re.MULTILINE)


def blob_id(data: bytes, object_format: str = "sha1") -> str:
    """Compute the object id that git gives to ``data`` as a blob, in hex.

    Args:
        data: The bytes as they are, no filter applied (``git hash-object --no-filters``).
        object_format: ``sha1`` or ``sha256``.
    """
    digest = hashlib.new(object_format, usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest()


def lfs_pointer_size(data: bytes) -> int | None:
    """Return the size in bytes of the content that a Git LFS pointer stands for, or None if ``data`` is none."""
    if len(data) >= POINTER_LIMIT_BYTES or not _POINTER.match(data):
        return None
    size = _SIZE.search(data)
    return int(size[1]) if size else None
