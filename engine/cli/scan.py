"""``packsight scan``: the profile of a repository."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.cli.options import common, files, model_option, path_argument
from engine.cli.session import scan_request, session
from engine.cli.summary import scan_summary
from engine.cli.terminal import write_result


@click.command(name="scan")
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
    """Tokens of a repository per class, language, folder and level."""
    run_scan(
        path,
        rev,
        {"model": model, "include": list(include) or None, "exclude": list(exclude) or None, "submodules": submodules},
        as_json=as_json,
        quiet=quiet,
        no_cache=no_cache,
    )


def run_scan(path: str, rev: str | None, flags: dict[str, Any], *, as_json: bool, quiet: bool, no_cache: bool) -> None:
    """Scan and print."""
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        report = opened.inspector.scan(scan_request(opened, path, rev))
    write_result(json.dumps(report, indent=2) if as_json else scan_summary(report))
