"""A worker in an interpreter of its own: started with the number of an open connection, which says all the rest."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection


def main(number: int, root: str) -> None:
    """Work for the process at the other end of a connection until it closes.

    Args:
        number: File descriptor of the connection.
        root: Folder that was put before the search path to find this module; the parent's own path replaces both.
    """
    with Connection(number) as connection:
        try:
            search_path: list[str] = connection.recv()
            sys.path[:] = search_path if root in search_path else [*search_path, root]
            # Unpickling imports what it names, by the path that was just set.
            content, settings = connection.recv()
        except (EOFError, OSError):
            return
        from engine.scan.worker import serve

        serve(connection, content, settings)
