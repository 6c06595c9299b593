"""``packsight pack``: the packed context of a repository."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import click

from engine.cli.disclosed import disclosure_of, disclosure_options
from engine.cli.options import (
    common,
    db_option,
    files,
    model_option,
    named,
    path_argument,
    profile_option,
    record_option,
    token_report_option,
)
from engine.cli.parts import write_parts
from engine.cli.query import diff_option, query_options, read_query
from engine.cli.session import scan_request, session
from engine.cli.terminal import write_result
from engine.cli.tuned import budget_option, flags_of, format_option, reserve_option, tuning_of, tuning_options
from engine.cli.writing import write_file
from engine.errors import InputError, UsageError

_STDOUT = "-"
"""The name of a file that is none."""


@click.command(name="pack")
@path_argument
@model_option
@budget_option
@format_option
@query_options
@diff_option
@click.option("--output", "-o", metavar="FILE", callback=named, help="Write the pack to a file instead of stdout (-).")
@click.option(
    "--report", "report_file", metavar="FILE", callback=named, help="Write the report alone, as JSON; - with -o FILE."
)
@click.option(
    "--split",
    metavar="N",
    callback=named,
    help="Cut into parts of at most N tokens, FILE.1.md and so on: all in full, or with --budget what fits that.",
)
@click.option("--stable", is_flag=True, help="Order files so that small changes leave a long beginning as it was.")
@disclosure_options
@token_report_option
@click.option("--copy", is_flag=True, help="Put the pack on the terminal's clipboard (OSC 52).")
@reserve_option
@tuning_options
@profile_option
@db_option
@record_option
@files
@common
def command(
    path: str,
    query: str | None,
    query_file: str | None,
    diff: str | None,
    output: str | None,
    report_file: str | None,
    split: str | None,
    stable: bool,
    reveal_secrets: bool,
    hidden_text: str,
    token_report: bool,
    copy: bool,
    no_record: bool,
    rev: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
    **said: Any,
) -> None:
    """Pack a repository into a token budget: the text on stdout, the report on stderr."""
    to_file = output is not None and output != _STDOUT
    if report_file == _STDOUT and not to_file:
        raise UsageError("stdout cannot take both the pack and the report", "write the pack to a file: -o FILE")
    if split is not None and copy:
        raise UsageError("--split and --copy exclude each other", "write the parts to files: -o FILE")
    flags = {**flags_of(said), "record": False if no_record or no_cache else None}
    asked = tuning_of(said)
    wanted = read_query(query, query_file)
    with session(path, flags, quiet=quiet, no_cache=no_cache) as opened:
        request = opened.inspector.request(scan_request(opened, path, rev), opened.config, asked, wanted)
        elsewhere = to_file or copy or split is not None
        how = disclosure_of(reveal_secrets, hidden_text, opened.config, to_file=elsewhere)
        request = replace(request, diff=diff or "", stable=stable, disclosure=how)
        if split is not None:
            parts = opened.inspector.split(request, split, whole=said["budget"] is None)
            key = opened.inspector.record_pack(request, parts.report, opened.config, made_by="split")
            opened.inspector.remember_shown(key, request, parts, opened.config)
        else:
            packed = opened.inspector.pack(request)
            key = opened.inspector.record_pack(request, packed.report, opened.config, made_by="pack")
            opened.inspector.remember_shown(key, request, packed, opened.config)
    if split is not None:
        write_parts(parts, output if to_file else None, report_file, as_json=as_json, quiet=quiet and not token_report)
        return
    report = json.dumps(packed.report, indent=2) + "\n" if report_file else ""
    if report_file and report_file != _STDOUT:
        write_file(report_file, report)
    both = {"text": packed.text, "report": packed.report}
    result = json.dumps(both, indent=2) + "\n" if as_json else packed.text
    if output and to_file:
        write_file(output, result)
    elif output or not copy:
        write_result(result)
    if report_file == _STDOUT:
        write_result(report)
    if copy:
        _copy(packed.text)
    if not quiet or token_report:
        sys.stderr.write("\n".join(packed.summary_lines()) + "\n")


def _copy(text: str) -> None:
    """Ask the terminal to take the text into its clipboard; works over ssh, and needs no program."""
    import base64

    try:
        with open("/dev/tty", "w", encoding="ascii") as terminal:
            terminal.write(f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07")
    except OSError as error:
        raise InputError("there is no terminal whose clipboard could be used", "use -o FILE") from error
