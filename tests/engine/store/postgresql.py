"""A PostgreSQL server for as long as somebody wants one, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine


class NotHere(Exception):
    """What a server needs is not installed."""


def _programs() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``."""
    if shutil.which("initdb"):
        return Path(str(shutil.which("initdb"))).parent
    if not shutil.which("pg_config"):
        return None
    named = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    return Path(named) if Path(named, "initdb").exists() else None


@contextmanager
def started_server() -> Iterator[str]:
    """Start a server, and stop it in the end; gives its URL without the name of a database.

    Raises:
        NotHere: psycopg or PostgreSQL's programs are missing.
    """
    programs = _programs()
    if programs is None or find_spec("psycopg") is None:
        raise NotHere("needs psycopg and PostgreSQL's initdb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="packsight-pg-"))
    # The server refuses to run as root.
    user = {"user": "nobody"} if os.name == "posix" and os.geteuid() == 0 else {}
    if user:
        shutil.chown(home, "nobody")
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    control = [programs / "pg_ctl", "-w", "-D", home / "data", "-l", home / "log"]

    def run(*words: object) -> None:
        subprocess.run([str(word) for word in words], cwd=home, stdout=subprocess.DEVNULL, check=True, **user)  # type: ignore[call-overload]

    try:
        run(programs / "initdb", "-D", home / "data", "-A", "trust", "-U", "me")
        run(*control, "-o", settings, "start")
        try:
            yield f"postgresql+psycopg://me@127.0.0.1:{port}/"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def empty_database(server: str, name: str) -> str:
    """URL of a database that is made anew."""
    engine = create_engine(server + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server + name
