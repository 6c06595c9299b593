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
@click.option("--secrets", is_flag=True, help="List secrets and hidden characters: file, line and kind.")
@model_option
@profile_option
@db_option
@files
@common
def command(
    path: str,
    rev: str | None,
    secrets: bool,
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
        secrets=secrets,
    )


def run_scan(
    path: str,
    rev: str | None,
    flags: dict[str, Any],
    *,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    secrets: bool = False,
) -> None:
    """Scan and print."""
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        request = scan_request(opened, path, rev)
        report = opened.inspector.scan(request)
        if secrets:
            report.update(opened.inspector.secrets(request, opened.config.allow_secrets))
        report["profile"] = opened.inspector.settings(request, opened.config)["profile"]
        if shared := opened.inspector.shared():
            report["shared"] = shared
    if not report["files"]:
        complain(f"warning: {_nothing_found(report, request)}", "")
    write_result(json.dumps(report, indent=2) if as_json else _text(report))


def _text(report: dict[str, Any]) -> str:
    used = report["profile"]
    told = scan_summary(report) + (f"\npacks use the profile {visible(used)}" if used else "")
    return told + (_places(report) if "secrets" in report else "")


def _places(report: dict[str, Any]) -> str:
    """Secrets and hidden characters, one a line."""
    lines = [""]
    for key, none in (("secrets", "no secrets found"), ("hidden", "no hidden characters found")):
        rows = [(f"{visible(row['path'])}:{row['line']}", row["kind"]) for row in report[key]]
        width = max((len(place) for place, _ in rows), default=0)
        lines += (
            [f"{key} ({len(rows):,})", *(f"  {place:<{width}}  {kind}" for place, kind in rows)] if rows else [none]
        )
    return "\n".join(lines)


def _nothing_found(report: dict[str, Any], request: ScanRequest) -> str:
    given = [name for name, globs in (("--include", request.include), ("--exclude", request.exclude)) if globs]
    skipped = f" ({len(report['skipped']):,} skipped)" if report["skipped"] else ""
    chosen = f" that {' and '.join(given)} let through" if given else ""
    return f"nothing was found in {request.path}: no files with text{chosen}{skipped}"
