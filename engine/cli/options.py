"""Options that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def common(command: F) -> F:
    """``--json``, ``--quiet``, ``--no-cache``."""
    for decorate in (
        click.option("--no-cache", is_flag=True, help="Read everything anew and write nothing."),
        click.option("--quiet", "-q", is_flag=True, help="No progress and no summary on stderr."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    ):
        command = decorate(command)
    return command


def model_option(command: F) -> F:
    """``--model`` and its other name."""
    return click.option(
        "--model", "-m", "--target-model", "model", metavar="ID", help="Model to count for (packsight models)."
    )(command)


def token_report_option(command: F) -> F:
    """``--token-report``."""
    return click.option(
        "--token-report", is_flag=True, help="Print what the pack spends on stderr, also with --quiet or --json."
    )(command)


def profile_option(command: F) -> F:
    """``--profile``."""
    return click.option(
        "--profile", metavar="NAME", help="Saved profile to use (packsight profile list); none for no profile."
    )(command)


def db_option(command: F) -> F:
    """``--db``."""
    return click.option(
        "--db", metavar="URL", help="Database: sqlite:///FILE or postgresql+psycopg://… (default: your own file)."
    )(command)


def record_option(command: F) -> F:
    """``--no-record``."""
    return click.option("--no-record", is_flag=True, help="Write nothing of this to the telemetry.")(command)


def files(command: F) -> F:
    """Which files of a repository."""
    for decorate in (
        click.option("--submodules", is_flag=True, default=None, help="Enter submodules."),
        click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out paths that match; repeatable."),
        click.option("--include", multiple=True, metavar="GLOB", help="Only paths that match; repeatable."),
        click.option("--rev", metavar="REV", help="Read a revision instead of the work tree."),
    ):
        command = decorate(command)
    return command


def named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty name, which would silently be the current folder or no file at all."""
    if value == "":
        raise click.UsageError(f"{parameter.human_readable_name} is empty", context)
    return value


def path_argument(command: F) -> F:
    """The repository or folder; the current one by default."""
    return click.argument("path", type=click.Path(), default=".", callback=named)(command)
