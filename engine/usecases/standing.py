"""Where a repository stands: what it is known by, and the commit that is checked out."""

from __future__ import annotations

from pathlib import Path

from engine.events import Emit, IsCancelled


def standing(path: Path, emit: Emit, cancelled: IsCancelled) -> tuple[str, str]:
    """Return the identity of the repository and its commit, ``""`` without one; lists it, and reads no file.

    Raises:
        InputError: no repository and no folder.
        Cancelled: on request.
    """
    from engine.walk import open_listing, repository_identity

    listing = open_listing(path, emit=emit, cancelled=cancelled)
    try:
        return repository_identity(listing), listing.revision
    finally:
        listing.content.close()
