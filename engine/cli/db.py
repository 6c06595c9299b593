"""``packsight db``: upkeep of the database of what a person would miss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.tables import table
from engine.cli.terminal import visible, write_result


@click.group(name="db")
def command() -> None:
    """The database of budgets and profiles. It is made by the first save."""


@command.command()
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(db: str | None, as_json: bool) -> None:
    """Where the database is, what it holds and whether it is sound; changes nothing."""
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        state = opened.inspector.database(opened.config).status()
    write_result(json.dumps(state, indent=2) if as_json else _status_text(state))


@command.command()
@db_option
def upgrade(db: str | None) -> None:
    """Make the database, or bring it to the newest revision after a backup."""
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        done = opened.inspector.database(opened.config).upgrade()
    if done["before"] == done["after"]:
        write_result(f"{visible(done['database'])} is at the newest revision, {done['after']}")
        return
    write_result(f"{visible(done['database'])}: {done['before'] or 'new'} -> {done['after']}")
    if done["backup"]:
        write_result(f"as it was before: {visible(done['backup'])}")


@command.command()
@click.argument("file", required=False, type=click.Path())
@db_option
def backup(file: str | None, db: str | None) -> None:
    """Copy the database to FILE, or to a name beside it; safe while it is in use."""
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        done = opened.inspector.database(opened.config).back_up(Path(file) if file else None)
    write_result(visible(done["backup"]))


def _status_text(state: dict[str, Any]) -> str:
    revision = f"revision {state['version']}" if state["version"] else "no revision"
    size = "" if state["size_bytes"] is None else f", {state['size_bytes'] / 1e3:,.1f} kB"
    lines = [visible(state["database"]), f"{state['state']}: {revision}, newest is {state['newest']}{size}"]
    if state["problem"]:
        lines.append(visible(state["problem"]))
    if state["rows"]:
        lines += ["", table(("table", "rows"), list(state["rows"].items()))]
    if "team" in state:
        lines += ["", *_team_lines(state["team"])]
    if state["backups"]:
        lines += ["", "beside it:", *(f"  {visible(name)}" for name in state["backups"])]
    return "\n".join(lines)


def _team_lines(team: dict[str, Any]) -> list[str]:
    shared, here, waiting = team["shared"], team["here"], team["waiting"]
    lines = ["shared cache: nothing can be seen of it"]
    if shared is not None:
        size = f"{shared['size_bytes'] / 1e6:,.1f} MB"
        lines = [f"shared cache: {shared['analyses']:,} analyses, {shared['counts']:,} counts, {size}"]
    copied = f"copied {here['copied_at']}" if here["copied_at"] else "no copy yet"
    lines.append(f"here: {visible(here['cache'])}; profiles and budgets: {copied}")
    held = ", ".join(f"{number:,} {name}" for name, number in waiting.items() if number)
    return [*lines, f"waiting for the server: {held or 'nothing'}"]
