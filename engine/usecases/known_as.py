"""What a repository is known by: the name under which something was saved for it, else the best name it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.events import Emit, IsCancelled
from engine.store.address import address_of
from engine.store.known import first_known
from engine.walk import Listing

if TYPE_CHECKING:
    from engine.store.database import Database


@dataclass(slots=True)
class KnownAs:
    """The name of a repository in the database."""

    name: str
    """Name that what is saved for it has."""
    best: str
    """Name that it has now, under which the next thing is saved."""

    def at_home(self, database: Database) -> str:
        """Take over what is saved under an earlier name, and return the best one.

        Raises:
            InputError: the database cannot be written.
        """
        if self.name != self.best:
            from engine.store.adopt import adopt

            adopt(database, self.name, self.best)
            self.name = self.best
        return self.best


def known_as(listing: Listing, db_url: str | None) -> KnownAs:
    """Name the repository of an open listing.

    A clone by another protocol finds what was saved for the first one, and a repository keeps what was saved before it
    had a remote.

    Raises:
        UsageError: ``db_url`` names no database.
    """
    from engine.walk import earlier_identities, other_spellings, repository_identity

    best, address = repository_identity(listing), address_of(db_url)
    if not address.exists:
        return KnownAs(best, best)
    # Asking git for the first commit takes time, so only when the remote is not known.
    known = first_known(address, (best, *other_spellings(best)))
    return KnownAs(known or first_known(address, earlier_identities(listing)) or best, best)


def standing(path: Path, db_url: str | None, emit: Emit, cancelled: IsCancelled) -> tuple[KnownAs, str]:
    """Return what the repository is known by and its commit, ``""`` without one; lists it, and reads no file.

    Raises:
        InputError: no repository and no folder.
        UsageError: ``db_url`` names no database.
        Cancelled: on request.
    """
    from engine.walk import open_listing

    listing = open_listing(path, emit=emit, cancelled=cancelled)
    try:
        return known_as(listing, db_url), listing.revision
    finally:
        listing.content.close()
