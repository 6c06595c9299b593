"""Which database is meant: a SQLite file or a PostgreSQL server. Decided without importing a database library."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from engine.errors import UsageError
from engine.store.paths import data_dir

DATABASE_FILE = "packsight.db"
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql+psycopg://", "postgresql://")
_PLAIN_USER = re.compile(r"[^@/?#]*@[^@?#]*(?:[?#]|$)")
"""What stands behind the scheme of a URL whose password has no characters that should have been escaped."""
_SECRET_KEYS = frozenset({"password", "passfile", "sslpassword", "sslkey", "oauth_client_secret"})
_FORMS = "write sqlite:///FILE (four slashes for an absolute path) or postgresql+psycopg://USER@HOST/NAME"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is."""

    shown: str
    """What messages call it: the path of the file, or the URL without its password."""
    path: Path | None
    """The SQLite file, None for PostgreSQL."""
    url: str = field(default="", repr=False)
    """The PostgreSQL URL with everything that connecting needs, ``""`` for SQLite."""
    is_default: bool = False
    """True for the user's own file, which no URL named."""

    @property
    def exists(self) -> bool:
        """False when opening would have to create a file; a server is taken to exist."""
        return self.path is None or os.path.lexists(self.path)

    @property
    def conninfo(self) -> str:
        """The PostgreSQL URL as the server's own programs and the driver write it."""
        return self.url.replace(_POSTGRESQL[0], _POSTGRESQL[1], 1)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Parts of the URL that no message may hold, the longest first."""
        rest = self.url.partition("://")[2]
        password = rest.rpartition("@")[0].partition(":")[2]
        named = [value for key, value in parse_qsl(rest.partition("?")[2]) if key.lower() in _SECRET_KEYS]
        found = {word for secret in (password, *named) for word in (secret, unquote(secret)) if word}
        return tuple(sorted(found, key=len, reverse=True))


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
            raise UsageError(f"database '{without_password(url)}' names no file", _FORMS)
        path = Path(name).expanduser()
        return Address(str(path), path)
    for scheme in _POSTGRESQL:
        if url.startswith(scheme):
            full = _POSTGRESQL[0] + url[len(scheme) :]
            return Address(without_password(full), None, full)
    raise UsageError(f"database '{without_password(url)}' is neither SQLite nor PostgreSQL", _FORMS)


def without_password(url: str) -> str:
    """Cut the password and the query, which can carry one too, also out of a URL that is written wrongly."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return scheme.partition("@")[0].partition(":")[0] + "…" if "@" in url else url
    if _PLAIN_USER.match(rest) or "@" not in rest:
        rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    user, at, host = rest.rpartition("@")
    host = re.split(r"[?#]", host, maxsplit=1)[0]
    if not at:
        place, slash, name = host.partition("/")
        server, colon, port = place.rpartition(":")
        # What stands for a port and is none may be a password whose host was forgotten.
        host = host if not colon or port.isdigit() or port.endswith("]") else f"{server}:…{slash}{name}"
    return f"{scheme}://{user.partition(':')[0]}{at}{host}"
