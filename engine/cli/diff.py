"""``packsight diff``: two packs side by side."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from engine.cli.options import (
    common,
    db_option,
    files,
    model_option,
    path_argument,
    profile_option,
    token_report_option,
)
from engine.cli.session import scan_request, session
from engine.cli.tables import cells, middle, table
from engine.cli.terminal import visible, write_result
from engine.cli.tuned import flags_of
from engine.errors import UsageError
from engine.model import Level

if TYPE_CHECKING:
    from engine.inspector import Comparison

_ROWS = 40
_PLACE = 42
"""Columns for path, lines and symbol, which leaves room for class, levels and tokens."""
_SYMBOL = 18
"""Columns of those for a symbol."""
_SIDE = 24
"""Columns for a name of one side."""
_REVISION = 12
"""Digits of a commit that are shown."""
_LEVELS = {int(level): level.name.lower() for level in Level} | {5: "file line", 6: "–"}
_TITLES = {"enters": "enters", "leaves": "leaves", "fuller": "shown fuller", "deeper": "shown deeper"}


@click.command(name="diff")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@path_argument
@model_option
@click.option("--budget", "-b", "--token-budget", "budget", metavar="N", help="Budget of a side that names none.")
@token_report_option
@click.option("--rows", metavar="N", default=str(_ROWS), show_default=True, help="Rows of each table; 0 for all.")
@profile_option
@db_option
@files
@common
def command(
    left: str,
    right: str,
    path: str,
    token_report: bool,
    rows: str,
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Two packs of a repository: what enters, leaves and changes level on the way from A to B.

    \b
    A and B are settings in place of those in force, joined by commas:
      32k                      a budget
      gpt-5.5                  a model
      lean                     a saved profile
      HEAD~5                   a revision; worktree for the files as they are
      budget=64k,profile=lean  keys: budget, model, profile, rev, query, format, reserve
      rev=tuned                the revision that the profile was tuned at
      now                      the settings as they are
    """
    most = _number(rows)
    flags = flags_of(said)
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        scan = scan_request(opened, path, rev)
        one, other = (opened.inspector.variant(scan, flags, text) for text in (left, right))
        found = opened.inspector.diff(one, other)
    write_result(json.dumps(found.as_dict(), indent=2) if as_json else comparison_text(found, most))
    if token_report:
        sys.stderr.write(_sides(found) + "\n")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(f"'{text[:80]}' is not a number of rows", "for instance --rows 100, or 0 for all")
    return int(text)


def comparison_text(found: Comparison, most: int = _ROWS) -> str:
    """Write a comparison as tables; every line fits 80 columns."""
    parts = [_sides(found)]
    for change, title in _TITLES.items():
        rows = [row for row in found.rows if row.change == change]
        shown = [
            (
                _place(row.path, row.start_line, row.end_line, row.symbol),
                row.chunk_class,
                f"{_LEVELS[row.level_left]} → {_LEVELS[row.level_right]}"
                if change in ("fuller", "deeper")
                else _LEVELS[row.level_right if change == "enters" else row.level_left],
                row.tokens_right - row.tokens_left,
            )
            for row in (rows[:most] if most else rows)
        ]
        if shown:
            text = table((f"{title}: {len(rows):,}", "class", "level", "tokens"), shown)
            parts.append(text + (f"\n… {len(rows) - len(shown):,} more" if len(rows) > len(shown) else ""))
    if not found.rows:
        parts.append("no chunk differs")
    return "\n\n".join(parts)


def _sides(found: Comparison) -> str:
    """The two sides in columns, with what they differ in and the totals."""
    left, right = found.left, found.right
    rows = [("", "A", "B", "change")]
    for name, one, other in (
        ("model", left.model, right.model),
        ("profile", left.profile, right.profile),
        ("query", left.query, right.query),
        ("revision", left.revision[:_REVISION], right.revision[:_REVISION]),
    ):
        if one != other or name == "model":
            rows.append((name, _name(one), _name(other), ""))
    for name, was, now in (
        ("budget", left.budget, right.budget),
        ("tokens", left.actual, right.actual),
        ("chunks", left.chunks, right.chunks),
    ):
        rows.append((name, f"{was:,}", f"{now:,}", f"{now - was:+,}" if now != was else ""))
    gain = right.quality - left.quality
    rows.append(("quality", f"{left.quality:.3f}", f"{right.quality:.3f}", f"{gain:+.3f}" if gain else ""))
    widths = [max(cells(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(" " * (widths[at] - cells(row[at])) + row[at] for at in range(4)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _name(text: str) -> str:
    return middle(visible(text), _SIDE) or "none"


def _place(path: str, start_line: int, end_line: int, symbol: str) -> str:
    """Path, lines and symbol in columns of their own size: the lines stay whole."""
    lines = f":{start_line}-{end_line}" if end_line > start_line else f":{start_line}"
    name = f" {middle(visible(symbol), _SYMBOL)}" if symbol else ""
    return middle(visible(path), _PLACE - cells(lines) - cells(name)) + lines + name
