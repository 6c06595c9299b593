"""``packsight scan``: the profile of a repository."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.cli.options import common, db_option, files, model_option, path_argument, profile_option
from engine.cli.session import scan_request, session
from engine.cli.summary import scan_summary
from engine.cli.terminal import complain, visible, write_result
from engine.cli.tuned import flags_of
from engine.request import ScanRequest


@click.command(name="scan")
@path_argument
@model_option
@profile_option
@db_option
@files
@common
def command(
    path: str,
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Tokens of a repository per class, language, folder and level."""
    run_scan(
        path,
        rev,
        flags_of(said),
        as_json=as_json,
        quiet=quiet,
        no_cache=no_cache,
    )


def run_scan(path: str, rev: str | None, flags: dict[str, Any], *, as_json: bool, quiet: bool, no_cache: bool) -> None:
    """Scan and print."""
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        request = scan_request(opened, path, rev)
        report = opened.inspector.scan(request)
        report["profile"] = opened.inspector.settings(request, opened.config)["profile"]
        if shared := opened.inspector.shared():
            report["shared"] = shared
    if not report["files"]:
        complain(f"warning: {_nothing_found(report, request)}", "")
    write_result(json.dumps(report, indent=2) if as_json else _text(report))


def _text(report: dict[str, Any]) -> str:
    used = report["profile"]
    return scan_summary(report) + (f"\npacks use the profile {visible(used)}" if used else "")


def _nothing_found(report: dict[str, Any], request: ScanRequest) -> str:
    given = [name for name, globs in (("--include", request.include), ("--exclude", request.exclude)) if globs]
    skipped = f" ({len(report['skipped']):,} skipped)" if report["skipped"] else ""
    chosen = f" that {' and '.join(given)} let through" if given else ""
    return f"nothing was found in {request.path}: no files with text{chosen}{skipped}"
