"""``packsight watch --json``: live counts for editors, on stdin and stdout."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from engine.cli.options import db_option, files, model_option, path_argument, profile_option
from engine.cli.terminal import complain
from engine.cli.tuned import budget_option, flags_of, format_option, reserve_option, tuning_of, tuning_options
from engine.errors import InputError, UsageError
from engine.inspector import UNITS


@click.command(name="watch")
@path_argument
@model_option
@budget_option
@click.option("--query", metavar="TEXT", default="", help="What the pack is for: a task, an issue, a stack trace.")
@format_option
@reserve_option
@tuning_options
@profile_option
@click.option(
    "--unit", type=click.Choice(UNITS), default="utf-16", show_default=True,
    help="What the characters of a position are: bytes, UTF-16 code units or code points.",
)  # fmt: skip
@click.option(
    "--debounce", type=click.IntRange(0, 5_000), default=20, show_default=True, metavar="MS",
    help="Quiet time after which buffers are counted.",
)  # fmt: skip
@db_option
@files
@click.option("--json", "as_json", is_flag=True, help="Speak JSON, one message a line; there is no other form yet.")
@click.option("--no-cache", is_flag=True, help="Read everything anew and write nothing.")
def command(
    path: str,
    unit: Any,
    debounce: int,
    query: str,
    rev: str | None,
    as_json: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Serve an editor: it sends what is open, and gets live counts and what of the budget they leave.

    One JSON object a line on stdin and stdout, until stdin is closed; docs/editor.md describes every message.
    """
    if not as_json:
        raise UsageError("watch speaks to programs", "start it with --json; docs/editor.md describes its messages")
    if rev is not None:
        raise UsageError("watch follows the work tree, not a revision", "leave --rev out")
    if not Path(path).is_dir():
        raise InputError(f"there is no folder '{path}'", "watch needs the folder of a project")
    stdin = sys.stdin
    if stdin is not None and stdin.isatty():
        complain(
            "waiting for requests on stdin; editors start this command themselves", "see docs/editor.md; ctrl-c ends it"
        )
    options = import_module("engine.watch.asked").Options(
        root=Path(path),
        flags=flags_of(said),
        tuning=tuning_of(said),
        query=query,
        unit=unit,
        quiet_s=debounce / 1000,
        use_cache=not no_cache,
    )
    import_module("engine.watch.stdio").serve(options, stdin.buffer if stdin else io.BytesIO())
