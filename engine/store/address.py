"""Which database is meant: a SQLite file or a PostgreSQL server. Decided without importing a database library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from engine.errors import UsageError
from engine.store.paths import data_dir

DATABASE_FILE = "packsight.db"
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql+psycopg://", "postgresql://")
_FORMS = "write sqlite:///FILE (four slashes for an absolute path) or postgresql+psycopg://USER@HOST/NAME"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is."""

    shown: str
    """What messages call it: the path of the file, or the URL without its password."""
    path: Path | None
    """The SQLite file, None for PostgreSQL."""
    url: str = ""
    """The PostgreSQL URL with everything that connecting needs, ``""`` for SQLite."""
    is_default: bool = False
    """True for the user's own file, which no URL named."""

    @property
    def exists(self) -> bool:
        """False when opening would have to create a file; a server is taken to exist."""
        return self.path is None or os.path.lexists(self.path)


def address_of(url: str | None) -> Address:
    """Read a database URL; nothing or ``""`` means the user's own file.

    Raises:
        UsageError: neither a SQLite file nor PostgreSQL.
    """
    if not url:
        path = data_dir() / DATABASE_FILE
        return Address(str(path), path, is_default=True)
    if url.startswith(_SQLITE):
        name = unquote(url[len(_SQLITE) :], errors="surrogateescape")
        if not name or name == ":memory:" or "?" in url or "\0" in name:
            raise UsageError(f"database '{_without_password(url)}' names no file", _FORMS)
        path = Path(name).expanduser()
        return Address(str(path), path)
    for scheme in _POSTGRESQL:
        if url.startswith(scheme):
            full = _POSTGRESQL[0] + url[len(scheme) :]
            return Address(_without_password(full), None, full)
    raise UsageError(f"database '{_without_password(url)}' is neither SQLite nor PostgreSQL", _FORMS)


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("://")[0] + "://…"
    user, at, host = parts.netloc.rpartition("@")
    # The query can carry a password too.
    return urlunsplit((parts.scheme, user.partition(":")[0] + at + host, parts.path, "", ""))
