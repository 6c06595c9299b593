"""``packsight search``: what of a repository answers a query, and what reading it costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.disclosed import disclosure_of, disclosure_options
from engine.cli.options import (
    common,
    db_option,
    files,
    model_option,
    named,
    profile_option,
    record_option,
    token_report_option,
)
from engine.cli.query import diff_option, read_query
from engine.cli.session import scan_request, session
from engine.cli.tables import cells, middle
from engine.cli.terminal import visible, write_result
from engine.cli.tuned import budget_option, flags_of, format_option, reserve_option, tuning_of, tuning_options
from engine.cli.writing import write_file
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.inspector import Searched

_INTENTS = ("symbol", "config", "api", "incident", "search")
_STDOUT = "-"
_PLACE, _SYMBOL = 48, 32
"""Columns of a place and of a symbol."""
_LEVELS = ("full", "trimmed", "condensed", "capsule", "outline", "line", "omitted")
_RIGHT = frozenset({0, 1, 6, 7, 8})
"""Columns of numbers."""
_HEAD = ("#", "score", "place", "symbol", "class", "level", "tokens", "total", "full")


@click.command(name="search")
@click.argument("query", required=False)
@click.argument("path", required=False, type=click.Path(), callback=named)
@click.option("--query-file", metavar="FILE", callback=named, help="Read the query from a file, or from stdin (-).")
@diff_option
@click.option(
    "--intent", type=click.Choice(_INTENTS), help="What the query is after, instead of what rules read in it."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Hits to list at most."
)
@model_option
@budget_option
@format_option
@click.option(
    "--output", "-o", metavar="FILE", callback=named, help="Write the packed text to a file, or to stdout (-)."
)
@disclosure_options
@token_report_option
@reserve_option
@tuning_options
@profile_option
@db_option
@record_option
@files
@common
def command(
    query: str | None,
    path: str | None,
    query_file: str | None,
    diff: str | None,
    intent: str | None,
    limit: int,
    output: str | None,
    reveal_secrets: bool,
    hidden_text: str,
    token_report: bool,
    no_record: bool,
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Search a repository for QUERY: ranked hits with their prices, packed into the budget.

    With --query-file the only word is the PATH. With --diff there need not be a QUERY: a single word that names a
    folder is the PATH.
    """
    if as_json and output == _STDOUT:
        raise UsageError("stdout cannot take both the pack and JSON", "the JSON holds the pack as 'text'")
    wanted, path = _asked(query, path, query_file, diff)
    flags = {**flags_of(said), "record": False if no_record or no_cache else None}
    asked = tuning_of(said)
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        request = opened.inspector.request(scan_request(opened, path, rev), opened.config, asked, wanted)
        elsewhere = output is not None and output != _STDOUT
        how = disclosure_of(reveal_secrets, hidden_text, opened.config, to_file=elsewhere)
        request = replace(request, diff=diff or "", disclosure=how)
        found = opened.inspector.search(request, intent or "", limit)
        if found.text:
            key = opened.inspector.record_pack(request, found.report, opened.config, made_by="search")
            opened.inspector.remember_shown(key, request, found, opened.config)
    if output and output != _STDOUT:
        write_file(output, found.text)
    if as_json:
        write_result(json.dumps(found.as_json(), indent=2) + "\n")
    elif output == _STDOUT:
        write_result(found.text)
        if not quiet:
            sys.stderr.write(_told(found) + "\n")
    else:
        write_result(_told(found))
    if token_report:
        sys.stderr.write("\n".join(found.summary_lines()) + "\n")


def _asked(query: str | None, path: str | None, query_file: str | None, diff: str | None) -> tuple[str, str]:
    """The query and the folder to search."""
    if query_file is not None:
        if path is not None:
            raise UsageError("QUERY and --query-file exclude each other", "packsight search --query-file FILE [PATH]")
        if query == "":
            raise UsageError("the path is empty", "leave it out for the current folder")
        return read_query(None, query_file), query or "."
    if diff is not None and path is None and (query is None or (query and Path(query).exists())):
        return "", query or "."
    if query is None or not query.strip():
        raise UsageError("the query is missing or empty", "packsight search 'what to look for' [PATH]")
    return query, path or "."


def _told(found: Searched) -> str:
    """The answer for people."""
    if not found.hits:
        changed = f"nothing changed since {found.report['diff']['revision']}" if "diff" in found.report else ""
        asked = found.query.strip()
        return changed if not asked else f"no match for '{middle(visible(asked), 60)}' in {_files(found)}"
    intent = found.intent
    why = f": {', '.join(intent.reasons)}" if intent.reasons else ""
    lines = [f"intent {intent.name} ({intent.confidence:.0%}){why}"]
    rows = [
        (
            str(hit.rank),
            f"{hit.score:.3f}",
            _place(hit.path, hit.start_line, hit.end_line),
            middle(visible(hit.symbol), _SYMBOL),
            hit.chunk_class,
            _LEVELS[hit.level],
            f"{hit.tokens:,}",
            f"{hit.total:,}",
            f"{hit.prices[0]:,}",
        )
        for hit in found.hits
    ]
    lines += _aligned([_HEAD, *rows])
    spent = f"packed {found.report['actual']:,} of {found.report['budget']:,} tokens for {found.report['model']}"
    lines.append(f"{len(rows):,} of {found.matches:,} matching chunks; {spent}")
    return "\n".join(lines)


def _files(found: Searched) -> str:
    number = sum(row["chunks"] for row in found.report["classes"].values())
    return f"{number:,} chunks"


def _place(path: str, start: int, end: int) -> str:
    lines = f":{start}-{end}"
    return middle(visible(path), _PLACE - len(lines)) + lines


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(cells(row[at]) for row in rows) for at in range(len(rows[0]))]
    out = []
    for row in rows:
        parts = []
        for at, text in enumerate(row):
            blanks = " " * (widths[at] - cells(text))
            parts.append(blanks + text if at in _RIGHT else text + blanks)
        out.append("  ".join(parts).rstrip())
    return out
