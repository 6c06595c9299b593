"""``packsight check``: the budget gate for CI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.cli.check_options import limit_options, limits_of
from engine.cli.options import common, db_option, files, model_option
from engine.cli.session import scan_request, session
from engine.cli.terminal import write_result
from engine.cli.tuned import flags_of
from engine.cli.writing import write_file
from engine.errors import InputError, UsageError
from engine.inspector import FORMATS_OF_VERDICTS

_STDOUT = "-"
_TOGETHER = frozenset({"text", "github"})
"""Formats that may share stdout: a log holds both."""


@click.command(name="check")
@click.argument("paths", metavar="[PATH] [FILE]...", nargs=-1, type=click.Path())
@click.option(
    "--base",
    metavar="REV",
    help="Compare with a revision; main... is where main and this went apart, none leaves growth unchecked.",
)
@limit_options
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help=f"{', '.join(FORMATS_OF_VERDICTS)}; repeatable, one per file.",
)
@model_option
@db_option
@files
@common
def command(
    paths: tuple[str, ...],
    base: str | None,
    formats: tuple[str, ...],
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> int:
    """Hold token budgets against a repository; exit 1 when one is broken.

    Limits come from [check] in .packsight.toml and from options, which go before it. A limit is 4000, 4k, 1.5M, or a
    percentage: of the base for growth, of the total for a class, else of the model's window. With FILEs, limits of
    single files look at these only; all other limits look at all of PATH.

    \b
    packsight check --max-total 500k --max-file 'src/**=4k'
    packsight check --base origin/main --max-growth 5% --format github
    packsight check --pack budget=32k,min_quality=0.5 --format sarif=check.sarif --format text
    """
    root, only = _split(paths)
    outputs = _outputs(formats, as_json)
    if base == "":
        raise UsageError("the base is empty", "leave --base out, or name a revision: --base origin/main")
    with session(root, flags_of(said), quiet=quiet, no_cache=no_cache) as opened:
        scan = scan_request(opened, root, rev)
        verdict = opened.inspector.check(scan, opened.config, limits_of(said), base=base or "", only=only)
    for name, file in outputs:
        if file == _STDOUT:
            write_result(verdict.written(name))
        else:
            write_file(file, verdict.written(name))
    return 0 if verdict.passed else 1


def _split(paths: Sequence[str]) -> tuple[str, tuple[str, ...] | None]:
    """The folder, and the files that rules about single files look at."""
    if "" in paths:
        raise UsageError("a path is empty", "leave it out for the current folder")
    root, named = (paths[0], tuple(paths[1:])) if paths and os.path.isdir(paths[0]) else (".", tuple(paths))
    for path in named:
        if not os.path.lexists(path):
            raise InputError(f"{path} does not exist", "packsight check [PATH] [FILE]...")
        if os.path.isdir(path) and not os.path.islink(path):
            raise UsageError(f"{path} is a second folder", "packsight check takes one; limit others with --max-dir")
    return root, named or None


def _outputs(formats: Sequence[str], as_json: bool) -> list[tuple[str, str]]:
    """Format and file of each output."""
    outputs = []
    for written in formats:
        name, _, file = written.partition("=")
        if name not in FORMATS_OF_VERDICTS:
            raise UsageError(f"there is no format '{name[:80]}'", f"formats: {', '.join(FORMATS_OF_VERDICTS)}")
        if "=" in written and not file:
            raise UsageError(f"--format {name}= names no file", f"for instance --format {name}=check.out")
        outputs.append((name, file or _STDOUT))
    if as_json:
        outputs.append(("json", _STDOUT))
    if not outputs:
        return [("text", _STDOUT)]
    shown = {name for name, file in outputs if file == _STDOUT}
    if len(shown) > 1 and not shown <= _TOGETHER:
        raise UsageError(f"stdout cannot take {' and '.join(sorted(shown))} at once", "write one to a file: NAME=FILE")
    targets = [os.path.abspath(file) for _, file in outputs if file != _STDOUT]
    if len(set(targets)) < len(targets):
        raise UsageError("two formats name the same file", "give each a file of its own")
    missing = next((file for file in targets if not Path(file).parent.is_dir()), None)
    if missing:
        raise InputError(f"there is no folder {Path(missing).parent} to write into")
    return list(dict.fromkeys(outputs))
