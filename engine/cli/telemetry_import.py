"""``packsight telemetry import``: calls that other programs logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.terminal import visible, write_result

_SHOWN = 10


@click.command(name="import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("--source", metavar="NAME", help="Whose logs they are, instead of what their content says.")
@click.option(
    "--again", is_flag=True, help="Read logs from their start, also unchanged ones; nothing is counted twice."
)
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def import_command(
    paths: tuple[Path, ...], source: str | None, again: bool, db: str | None, as_json: bool, quiet: bool
) -> None:
    """Take over calls that other programs logged: their counts, never their texts.

    PATHs are logs and folders of logs; without any, the places where the programs write by default. Known by content:
    claude-code, codex, gemini-cli, gemini-telemetry, litellm, langfuse, phoenix, otlp, llm, and what 'telemetry export'
    wrote. The next import goes on where this one stopped. Bad lines and rows that cannot be true are named and counted;
    everything else is imported.
    """
    with session(None, {"db": db}, quiet=quiet, no_cache=True) as opened:
        done = opened.inspector.import_logs(opened.config, paths, source=source or "", again=again)
    write_result(json.dumps(done, indent=2) if as_json else import_text(done))


def import_text(done: dict[str, Any]) -> str:
    """What an import did."""
    sources = ", ".join(f"{name} {rows:,}" for name, rows in sorted(done["by_source"].items()))
    lines = [
        f"{_counted(done['files'], 'log')}, {done['unchanged_files']:,} of them unchanged; "
        f"{done['read_bytes'] / 1e6:,.1f} MB in {done['elapsed_s']:,.1f} s",
        _counted(done["events"], "event") + (f": {sources}" if sources else ""),
        f"{done['added']:,} new, {done['updated']:,} known better now, {done['unchanged']:,} known already",
    ]
    if done["refused"]:
        reasons = ", ".join(f"{reason} {rows:,}" for reason, rows in sorted(done["refused"].items()))
        lines.append(f"{sum(done['refused'].values()):,} refused: {reasons}")
    if done["unknown_files"]:
        lines.append(f"{done['unknown_files']:,} files are of no program that is known")
    if done["bad_lines"]:
        lines.append(f"{done['bad_lines']:,} bad lines")
        shown = done["bad"][:_SHOWN]
        lines += [f"  {visible(_where(bad))}: {bad['reason']}" for bad in shown]
        if done["bad_lines"] > len(shown):
            lines.append(f"  … and {done['bad_lines'] - len(shown):,} more; --json names up to {len(done['bad']):,}")
    return "\n".join(lines)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _where(bad: dict[str, Any]) -> str:
    return f"{bad['path']}:{bad['line']}" if bad["line"] else str(bad["path"])
