"""``packsight count``: tokens of text, files, folders, stdin."""

from __future__ import annotations

import io
import json
import sys

import click

from engine.cli.options import common
from engine.cli.session import session
from engine.cli.tables import table
from engine.cli.terminal import visible, write_result
from engine.errors import InputError, UsageError


@click.command(name="count")
@click.argument("sources", nargs=-1, metavar="[TEXT|FILE|DIR|-]...")
@click.option(
    "--model",
    "-m",
    "--target-model",
    "models",
    multiple=True,
    metavar="ID[,ID]...",
    help="Models to count for (packsight models); repeatable.",
)
@common
def command(sources: tuple[str, ...], models: tuple[str, ...], as_json: bool, quiet: bool, no_cache: bool) -> None:
    """Count tokens, for one model or several: -m A,B or -m A -m B.

    An argument that names an existing path is that path, - is stdin, anything else is text.
    """
    stdin = sys.stdin
    if not sources and (stdin is None or stdin.isatty()):
        raise click.UsageError("nothing to count: name a text, a file, a folder, or - for stdin")
    if "-" in sources and stdin is None:
        raise InputError("stdin cannot be read: it is closed")
    with session(None, {"model": ",".join(models) if models else None}, quiet=quiet, no_cache=no_cache) as opened:
        names = [name.strip() for name in str(opened.config["model"]).split(",") if name.strip()]
        if not names:
            raise UsageError("no model is named", "packsight models lists them")
        rows = opened.inspector.count(sources or ("-",), names, stdin.buffer if stdin else io.BytesIO())
    if as_json:
        write_result(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2))
        return
    lines = [
        (_short(row["source"]), row["model"], row["count"], _method(row), f"{row['usage_percent']:.2f}%")
        for row in rows
    ]
    write_result(table(("source", "model", "tokens", "method", "of window"), lines))


def _short(source: str) -> str:
    text = visible(source)
    return text if len(text) <= 48 else f"{text[:22]}…{text[-25:]}"


def _method(row: dict[str, object]) -> str:
    low, high = row["error_band"]  # type: ignore[misc]
    band = f" {low:,}–{high:,}" if row["method"] == "estimate" else ""  # type: ignore[has-type]
    return f"{row['method']} {row['encoding']}{band}"
