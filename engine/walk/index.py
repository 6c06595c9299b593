"""The one thing about the index that git itself does not check when it reads it: its checksum."""

from __future__ import annotations

import hashlib


def is_whole(path: str, object_format: str) -> bool:
    """Say whether the index file at ``path`` ends in the hash of what comes before (git's ``index-format``).

    A missing index is an empty one; one written with ``index.skipHash`` ends in zeros and passes.
    """
    try:
        with open(path, "rb") as file:
            data = memoryview(file.read())
    except OSError:
        return True
    digest = hashlib.new(object_format, usedforsecurity=False)
    kept = data[-digest.digest_size :]
    if not any(kept):
        return len(data) > digest.digest_size
    digest.update(data[: -digest.digest_size])
    return digest.digest() == kept
