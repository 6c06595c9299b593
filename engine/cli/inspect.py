"""``packsight [PATH]``: what fills the window."""

from __future__ import annotations

import click

from engine.cli.options import common, files, model_option, path_argument
from engine.cli.scan import run_scan


@click.command(name="inspect")
@path_argument
@model_option
@files
@common
def command(
    path: str,
    model: str | None,
    rev: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    submodules: bool | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
) -> None:
    """What fills the window of a model: the summary of a scan."""
    run_scan(
        path,
        rev,
        {"model": model, "include": list(include) or None, "exclude": list(exclude) or None, "submodules": submodules},
        as_json=as_json,
        quiet=quiet,
        no_cache=no_cache,
    )
