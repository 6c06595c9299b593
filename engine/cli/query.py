"""``--query``, ``--query-file`` and ``--diff``: what a pack is for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.cli.options import named
from engine.errors import InputError, UsageError

F = TypeVar("F", bound=Callable[..., Any])

LONGEST_BYTES = 1_000_000
"""A longer file is no question but a mistake."""


def query_options(command: F) -> F:
    """``--query`` and ``--query-file``."""
    for decorate in (
        click.option(
            "--query-file", metavar="FILE", callback=named, help="Read the query from a file, or from stdin (-)."
        ),
        click.option("--query", metavar="TEXT", help="What the pack is for: a task, an issue, a stack trace."),
    ):
        command = decorate(command)
    return command


def diff_option(command: F) -> F:
    """``--diff``."""
    return click.option(
        "--diff",
        metavar="REV",
        callback=named,
        help="Show in full what changed since a revision (main...: since it went apart), and raise what that touches.",
    )(command)


def read_query(text: str | None, file: str | None) -> str:
    """The query of a command, ``""`` for none.

    Raises:
        UsageError: both options are there, or the text is empty.
        InputError: the file cannot be read, is too long or holds nothing.
    """
    if text is not None and file is not None:
        raise UsageError("--query and --query-file exclude each other", "use one of them")
    if text is not None:
        if not text.strip():
            raise UsageError("the query is empty", "leave --query out to pack without one")
        return text
    if file is None:
        return ""
    name = "stdin" if file == "-" else file
    try:
        if file == "-":
            data = sys.stdin.buffer.read(LONGEST_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(LONGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{name} cannot be read: {reason or error}") from error
    if len(data) > LONGEST_BYTES:
        raise InputError(f"{name} is longer than {LONGEST_BYTES:,} bytes", "a query is a task, an issue or a trace")
    query = data.decode("utf-8", "replace")
    if not query.strip():
        raise InputError(f"{name} holds no query")
    return query
