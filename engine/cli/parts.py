"""Writing the parts of a pack: a file each, one after the other, or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.terminal import complain, visible, write_result
from engine.cli.writing import write_file

if TYPE_CHECKING:
    from engine.inspector import Split

_STDOUT = "-"


def write_parts(split: Split, output: str | None, report_file: str | None, *, as_json: bool, quiet: bool) -> None:
    """Write parts and report where they are wanted.

    Args:
        split: The parts.
        output: File that the names of the parts are made from, or None for stdout.
        report_file: File for the report, ``-`` for stdout, or None.
        as_json: One list instead of texts.
        quiet: No summary on stderr.

    Raises:
        InputError: a file cannot be written.
    """
    lines: list[str] = []
    if as_json:
        text = json.dumps(split.as_json(), indent=2) + "\n"
        if output:
            write_file(output, text)
        else:
            write_result(text)
    elif output:
        lines = _to_files(split, output)
    else:
        write_result(_joined(split))
    if report_file:
        report = json.dumps(split.report, indent=2) + "\n"
        if report_file == _STDOUT:
            write_result(report)
        else:
            write_file(report_file, report)
    if not quiet:
        sys.stderr.write("\n".join([*lines, *split.summary_lines()]) + "\n")


def part_name(output: str, number: int) -> str:
    """Name of a part's file: ``pack.md`` makes ``pack.1.md``."""
    path = Path(output)
    return str(path.with_name(f"{path.stem}.{number}{path.suffix}"))


def _to_files(split: Split, output: str) -> list[str]:
    lines = []
    for number, part in enumerate(split.parts, 1):
        name = part_name(output, number)
        write_file(name, part.text)
        lines.append(f"{'wrote':<10}{visible(name)}: {part.tokens:,} tokens, {len(part.files):,} files")
    stale = part_name(output, len(split.parts) + 1)
    if Path(stale).exists():
        complain(f"warning: {visible(stale)} is of an earlier split with more parts", "")
    return lines


def _joined(split: Split) -> str:
    """The parts below each other; a json pack is one line already."""
    if split.report["format"] == "json":
        return "".join(part.text for part in split.parts)
    of = len(split.parts)
    return "\n".join(
        f"----- part {number:,} of {of:,}: {part.tokens:,} tokens -----\n{part.text}"
        for number, part in enumerate(split.parts, 1)
    )
