"""``packsight [PATH]``: the inspector; with no terminal to draw on, the summary of a scan."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from engine.cli.options import common, db_option, files, model_option, path_argument, profile_option
from engine.cli.scan import run_scan
from engine.cli.tuned import budget_option, flags_of
from engine.errors import InputError
from engine.events import Emit, IsCancelled
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest, Tuning


@click.command(name="inspect")
@path_argument
@model_option
@budget_option
@profile_option
@click.option("--theme", metavar="NAME", help="Theme of the app, for this time.")
@click.option("--text", "as_text", is_flag=True, help="Print the summary also on a terminal.")
@db_option
@files
@common
def command(
    path: str,
    theme: str | None,
    as_text: bool,
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Open the inspector: what fills the window of a model, packed live.

    With no terminal on stdout, or with --text or --json, prints the summary of a scan instead.
    """
    flags = {**flags_of(said), "record": False if no_cache else None}
    # A browser has no terminal either, but the app draws on it.
    can_draw = (sys.stdout.isatty() and sys.stdin.isatty()) or "TEXTUAL_DRIVER" in os.environ
    if as_text or as_json or not can_draw:
        run_scan(path, rev, flags, as_json=as_json, quiet=quiet, no_cache=no_cache)
        return
    sys.exit(_open_app(path, rev, flags, theme or "", no_cache=no_cache))


def _open_app(path: str, rev: str | None, flags: dict[str, Any], theme: str, *, no_cache: bool) -> int:
    """Hand over to the app, which is imported only here: it costs more than most commands take."""
    where = Path(path)
    if not where.exists():
        raise InputError(f"there is no folder '{path}'", "give a repository, a folder or a file")
    with Inspector(use_cache=not no_cache) as inspector:
        config = inspector.config(where if where.is_dir() else None, flags)
        model = inspector.model(config["model"])
        folders = inspector.folders()
    scan = ScanRequest(
        path=where,
        model=config["model"],
        rev=rev,
        submodules=bool(config["submodules"]),
        include=tuple(config["include"]),
        exclude=tuple(config["exclude"]),
        class_rules=config.class_rules,
    )

    def make_engine(emit: Emit, cancelled: IsCancelled) -> Inspector:
        # Imported in the engine's thread, while the first frame is made: half of what opening a repository costs.
        import_module("engine.usecases.live")
        return Inspector(use_cache=not no_cache, emit=emit, cancelled=cancelled)

    setup = import_module("tui.setup").Setup(
        request=PackRequest(scan, config["budget"], format=config["format"]),
        make_engine=make_engine,
        config_folder=folders.config,
        data_folder=folders.data,
        context_window=model.context_window,
        settle_request=lambda engine: engine.request(scan, config, Tuning()),
        config=config,
        theme=theme,
    )
    code: int = import_module("tui.__main__").open_app(setup)
    return code
