"""``packsight count``: tokens of text, files, folders, stdin."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from engine.budget import parse_budget
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
@click.option(
    "--budget", "-b", "--token-budget", "budget", metavar="N", help="Say of each count whether it fits N tokens."
)
@common
def command(
    sources: tuple[str, ...], models: tuple[str, ...], budget: str | None, as_json: bool, quiet: bool, no_cache: bool
) -> None:
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
        # Refused before anything is read, stdin included.
        budgets = {name: parse_budget(budget, opened.inspector.model(name).context_window) for name in names if budget}
        rows = opened.inspector.count(sources or ("-",), names, stdin.buffer if stdin else io.BytesIO())
    if budget:
        known = {opened.inspector.model(name).id: tokens for name, tokens in budgets.items()}
        for row in rows:
            row["budget"] = known[row["model"]]
            row["fits"] = row["count"] <= row["budget"]
    if as_json:
        write_result(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2))
        return
    lines = [
        (
            _short(row["source"]),
            row["model"],
            row["count"],
            _method(row),
            f"{row['usage_percent']:.2f}%",
            *((_fit(row),) if budget else ()),
        )
        for row in rows
    ]
    head = ("source", "model", "tokens", "method", "of window", *(("of budget",) if budget else ()))
    write_result(table(head, lines))


def _fit(row: Mapping[str, Any]) -> str:
    """The part of the budget that is used, and what there is too much."""
    over = row["count"] - row["budget"]
    return f"{row['count'] / row['budget']:.1%}" + (f", {over:,} too much" if over > 0 else "")


def _short(source: str) -> str:
    text = visible(source)
    return text if len(text) <= 48 else f"{text[:22]}…{text[-25:]}"


def _method(row: dict[str, object]) -> str:
    low, high = row["error_band"]  # type: ignore[misc]
    is_measured = row["band_source"] == "measured"
    band = f" {low:,}–{high:,}" if row["method"] == "estimate" or is_measured else ""  # type: ignore[has-type]
    band += f" measured on {row['band_samples']:,}" if is_measured else ""
    return f"{row['method']} {row['encoding']}{band}"
