"""``packsight config``: settings in force and where each came from."""

from __future__ import annotations

import json

import click

from engine.cli.options import path_argument
from engine.cli.session import session, settled
from engine.cli.tables import table
from engine.cli.terminal import visible, write_result
from engine.config import USER_FILE
from engine.store.paths import config_dir


@click.group(name="config")
def command() -> None:
    """Settings: flag > environment > profile in use > saved budget > .packsight.toml > user file > default."""


@command.command()
@path_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(path: str, as_json: bool) -> None:
    """Every setting with its origin."""
    with session(path, {}, quiet=True, no_cache=True) as opened:
        settings = opened.inspector.shown_settings(settled(opened, path))
    if as_json:
        write_result(json.dumps({key: {"value": s.value, "origin": s.origin} for key, s in settings.items()}, indent=2))
    else:
        rows = [(key, json.dumps(setting.value), visible(setting.origin)) for key, setting in settings.items()]
        write_result(table(("setting", "value", "origin"), rows))


@command.command()
def path() -> None:
    """Where the user's file is."""
    write_result(visible(str(config_dir() / USER_FILE)))
