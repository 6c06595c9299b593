"""The connection to a team's server for analyses: opened when it is first needed, given up at the first trouble."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.store.address import Address
from engine.store.reach import ServerTrouble, found_down, found_up, require_reachable, without_secrets
from engine.store.team import tables

if TYPE_CHECKING:
    from engine.store.patient import PatientConnection

_SILENCE_S = 3.0
"""A server that says nothing for so long is left alone: the work can be done here meanwhile."""
_READ_ONLY = ("25006", "42501")
"""States in which a server gives and does not take."""


class TakesNothing(ServerTrouble):
    """A server that gives and does not take: read-only, or no permission for this user."""


class Link:
    """Asks one server. Every method raises ``ServerTrouble`` or ``InputError``, after which it asks no more."""

    def __init__(self, address: Address, *, makes: bool = True) -> None:
        """Prepare; nothing is opened.

        Args:
            address: The server.
            makes: Make the tables where there are none; False for a mere look.
        """
        self.address, self._makes = address, makes
        self.owner = uuid.uuid4().bytes
        """Names this process among those who claim work."""
        self.can_write = True
        """False once the server said that it takes nothing from this user."""
        self.spent_s = 0.0
        """Time spent waiting for the server."""
        self._connection: PatientConnection | None = None
        self._over: InputError | None = None
        self._is_made = False
        """Whether the tables are there."""

    @property
    def is_open(self) -> bool:
        """Whether the server answered, and has gone on doing so."""
        return self._connection is not None and self._over is None

    def ask(self, question: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement that gives rows.

        Raises:
            InputError: the server cannot be reached, does not do that, or could not before.
        """
        return self._run([(question, values)])

    def tell(self, *statements: tuple[str, Mapping[str, Any]]) -> None:
        """Run statements in one transaction.

        Raises:
            InputError: as ``ask``; a server that only gives goes on giving.
        """
        self._run(statements)

    def close(self) -> None:
        """Give back what was claimed, and go."""
        if self._connection is not None:
            if self._over is None and self.can_write and self._makes:
                with contextlib.suppress(InputError):
                    self.tell((tables.RELEASE, {"owner": self.owner}))
            self._connection.close()
            self._connection = None

    def _run(self, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[Any, ...]]:
        if self._over is not None:
            raise self._over
        started_s = time.perf_counter()
        try:
            connection = self._opened()
            import psycopg

            try:
                with connection.transaction(), connection.cursor(binary=True) as cursor:
                    for statement, values in statements:
                        cursor.execute(statement, values, prepare=True)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.Error as error:
                raise self._trouble(error) from error
        except TakesNothing:
            self.can_write = False
            raise
        except InputError as error:
            self._over = error
            raise
        finally:
            self.spent_s += time.perf_counter() - started_s

    def _opened(self) -> PatientConnection:
        if self._connection is not None:
            return self._connection
        require_reachable(self.address)
        try:
            import psycopg

            from engine.store.patient import CONNECT_TIMEOUT_S, connect_patiently
        except ImportError as error:
            raise InputError(
                f"database {self.address.shown} needs the PostgreSQL driver, which is not installed",
                "pip install 'psycopg[binary]'",
            ) from error
        try:
            connection = connect_patiently(self.address.conninfo, CONNECT_TIMEOUT_S, _SILENCE_S, autocommit=True)
        except psycopg.OperationalError as error:
            raise found_down(self.address, str(error)) from error
        except psycopg.Error as error:
            raise InputError(f"database '{self.address.shown}' cannot be read: its URL makes no sense") from error
        self._connection = connection
        found_up(self.address)
        try:
            self._make_tables(connection)
        except psycopg.Error as error:
            raise self._trouble(error) from error
        return connection

    def _make_tables(self, connection: PatientConnection) -> None:
        connection.execute("SET lock_timeout = 2000")
        # A lost analysis is made again, so nobody waits for the disk.
        connection.execute("SET synchronous_commit = off")
        row = connection.execute(tables.IS_THERE).fetchone()
        if not (row and row[0]) and self._makes:
            with connection.transaction():
                connection.execute(f"SELECT pg_advisory_xact_lock({tables.LOCK_KEY})")
                connection.execute(tables.SCHEMA)
        self._is_made = True

    def _trouble(self, error: Any) -> InputError:
        state = str(error.sqlstate or "")
        reason = without_secrets(str(error), self.address)
        if state in _READ_ONLY and self._is_made:
            return TakesNothing(f"database {self.address.shown} takes no analyses: {reason}")
        if not state or state.startswith(("08", "57")):
            return found_down(self.address, str(error))
        return ServerTrouble(f"database {self.address.shown} cannot be used: {reason}")
