"""``packsight telemetry record``: write calls down by hand, or from JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.terminal import write_result
from engine.errors import InputError, UsageError
from engine.telemetry.by_hand import event_by_hand
from engine.telemetry.event import Event
from engine.telemetry.json_form import event_from_json
from engine.telemetry.words import Finish


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--provider", metavar="NAME", help="Who served the call.")
@click.option("--model", "-m", metavar="ID", help="Model of the call.")
@click.option("--category", metavar="NAME", help="Kind of work.")
@click.option("--complexity", type=click.Choice(["low", "medium", "high"]), help="How hard it was.")
@click.option("--predicted", "predicted_output_tokens", type=int, metavar="N", help="Estimate of the answer's length.")
@click.option("--selected", "selected_budget", type=int, metavar="N", help="Budget that was wanted.")
@click.option("--ceiling", "actual_max_tokens", type=int, metavar="N", help="Ceiling that was sent.")
@click.option("--hard-cap", "hard_cap_tokens", type=int, metavar="N", help="The caller's own limit.")
@click.option("--output", "actual_output_tokens", type=int, metavar="N", help="Tokens that came back.")
@click.option("--reasoning", "reasoning_tokens", type=int, metavar="N", help="Of those, reasoning.")
@click.option("--prompt", "prompt_tokens", type=int, metavar="N", help="Tokens of the prompt, cached ones included.")
@click.option("--cached", "cached_tokens", type=int, metavar="N", help="Of those, read from a cache.")
@click.option("--attempt", type=int, metavar="N", help="1 for the first try.")
@click.option("--finish", type=click.Choice([one.value for one in Finish]), help="Why the answer ended.")
@click.option("--failed", is_flag=True, help="The call gave no answer that could be used.")
@click.option("--at", metavar="WHEN", help="When it began, ISO 8601 (default: now).")
@click.option("--key", "dedupe_key", metavar="KEY", help="Unique name of the call; the same again updates it.")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def record(file: str | None, db: str | None, as_json: bool, **words: Any) -> None:
    """Write calls down: one from options, or many from JSON lines in FILE or stdin (-).

    Lines have the keys of 'telemetry list --json'. Rows that cannot be true are refused and counted; the exit code is
    then 1.
    """
    given = {name: value for name, value in words.items() if value not in (None, False)}
    if file is not None and given:
        raise UsageError("a file and options cannot be recorded at once", "write one of them")
    events = [event_by_hand(given)] if file is None else _lines(file)
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        done = opened.inspector.telemetry(opened.config).record(events)
    if as_json:
        write_result(json.dumps(done, indent=2))
    else:
        refused = "".join(f"\nrefused {rows:,}: {reason}" for reason, rows in done["refused"].items())
        waiting = f", {done['waiting']:,} waiting" if "waiting" in done else ""
        write_result(
            f"{done['added']:,} added, {done['updated']:,} updated, {done['unchanged']:,} there{waiting}{refused}"
        )
    if done["refused"]:
        click.get_current_context().exit(1)


def _lines(name: str) -> Iterator[Event]:
    try:
        if name == "-":
            yield from _read(sys.stdin, "stdin")
        else:
            with Path(name).open(encoding="utf-8") as file:
                yield from _read(file, name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _read(file: TextIO, name: str) -> Iterator[Event]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name}: line {number} is no JSON: {error}") from None
        if not isinstance(values, dict):
            raise InputError(f"{name}: line {number} is no object", "one event per line")
        values.pop("event_id", None)
        try:
            yield event_from_json(values)
        except InputError as error:
            raise InputError(f"{name}: line {number}: {error.message}", error.hint) from None
