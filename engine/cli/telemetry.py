"""``packsight telemetry``: recorded calls."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.telemetry_export import send
from engine.cli.telemetry_import import import_command
from engine.cli.telemetry_options import filter_options, take_filter
from engine.cli.telemetry_record import record
from engine.cli.telemetry_text import event_text, list_text, packs_text, report_text
from engine.cli.terminal import write_result
from engine.cli.writing import write_lines
from engine.telemetry.periods import Period

_MOST_LINES = 50
_MOST_JSON = 10_000


@click.group(name="telemetry")
def command() -> None:
    """Calls of models: what was wanted, what was sent, what came back. Never their texts.

    \b
    packsight telemetry list --category docs --since 7d
    packsight telemetry report
    """


command.add_command(record)
command.add_command(import_command)


@command.command(name="list")
@filter_options
@click.option(
    "--limit", type=click.IntRange(1, 100_000), metavar="N", help="List N calls (default: 50, as JSON 10,000)."
)
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the newest N.")
@click.option("--spread", is_flag=True, help="N calls evenly over the time of all, instead of the newest.")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(limit: int | None, offset: int, spread: bool, db: str | None, as_json: bool, **words: Any) -> None:
    """Recorded calls, newest first."""
    wanted = take_filter(words)
    most = limit or (_MOST_JSON if as_json else _MOST_LINES)
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        telemetry = opened.inspector.telemetry(opened.config)
        page = telemetry.spread_events(wanted, most) if spread else telemetry.events(wanted, most, offset)
    write_result(json.dumps(page["events"], indent=2) if as_json else list_text(page))


@command.command()
@click.argument("event_id", metavar="ID")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(event_id: str, db: str | None, as_json: bool) -> None:
    """One call, with the trace of its decision."""
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        event = opened.inspector.telemetry(opened.config).show(event_id)
    write_result(json.dumps(event, indent=2) if as_json else event_text(event))


@command.command()
@filter_options
@click.option("--daily", "by", flag_value="day", help="By day instead of by kind of work and model; --by day.")
@click.option(
    "--by",
    type=click.Choice([period.value for period in Period]),
    help="By day, week (from Monday) or month instead, in UTC.",
)
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(by: str | None, db: str | None, as_json: bool, **words: Any) -> None:
    """How often answers were cut off, and how much was reserved that nobody used.

    An unused ceiling is reserved, not billed.
    """
    wanted = take_filter(words)
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        telemetry = opened.inspector.telemetry(opened.config)
        found = telemetry.report(wanted)
        if by:
            found = {**found, "groups": telemetry.periods(wanted, Period(by))}
    if by and as_json:
        found[f"{by}s"] = found.pop("groups")
    write_result(json.dumps(found, indent=2) if as_json else report_text(found))


@command.command()
@filter_options
@click.option(
    "--format", "format_name", type=click.Choice(["jsonl", "csv", "otlp"]), default="jsonl", show_default=True,
    help="JSON lines, CSV, or OTLP spans for a collector.",
)  # fmt: skip
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of stdout.")
@click.option(
    "--otlp-endpoint", metavar="URL",
    help="Send spans and metrics to this OpenTelemetry collector instead, each call once: http://127.0.0.1:4318.",
)  # fmt: skip
@db_option
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def export(
    format_name: str, output: str | None, otlp_endpoint: str | None, db: str | None, quiet: bool, **words: Any
) -> None:
    """Recorded calls, oldest first, as lines; or sent to a collector."""
    if otlp_endpoint is not None:
        send(otlp_endpoint, db, quiet)
        return
    wanted = take_filter(words)
    with session(None, {"db": db}, quiet=quiet, no_cache=True) as opened:
        lines = opened.inspector.telemetry(opened.config).export(wanted, format_name)
        if output is not None:
            write_lines(output, lines)
        else:
            _write(lines)


@command.command()
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Packs that are listed.")
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the newest N.")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def packs(limit: int, offset: int, db: str | None, as_json: bool) -> None:
    """Packs that were recorded: budget, expected, counted and sent tokens."""
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        found = opened.inspector.telemetry(opened.config).packs(limit, offset)
    write_result(json.dumps(found["packs"], indent=2) if as_json else packs_text(found))


def _write(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(line)
