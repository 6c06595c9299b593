"""Recorded traces as files: ``trace,seconds,input_tokens,output_tokens``, plain or gzipped, in any order."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from engine.budgets.learned import Cell
from engine.errors import InputError
from engine.telemetry.calibrate.calls import Call
from engine.telemetry.calibrate.settings import Settings

_COLUMNS = ("trace", "seconds", "input_tokens", "output_tokens")
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 10_000
"""Characters; a few MB that are compressed can be a line of many GB."""
_MOST_CALLS = 5_000_000


def read_trace(path: Path, rules: Settings) -> list[Call]:
    """Read calls in order of time; a cell is a trace and a size of the input.

    Raises:
        InputError: the file cannot be read, or has other columns or a value that is no number; names the line.
    """
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == _GZIP
            file.seek(0)
            text = io.TextIOWrapper(gzip.GzipFile(fileobj=file) if zipped else file, "utf-8", newline="")
            calls = _calls(csv.reader(_lines(text, path)), path, rules)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not calls:
        raise InputError(f"{path} holds no calls", f"wanted: a line of names, {','.join(_COLUMNS)}, and one per call")
    calls.sort(key=lambda call: call.at_us)
    return calls


def _lines(text: io.TextIOBase, path: Path) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise InputError(f"{path} has a line of more than {_LONGEST_LINE:,} characters")
        yield line


def _calls(lines: object, path: Path, rules: Settings) -> list[Call]:
    rows = iter(lines)  # type: ignore[call-overload]
    head = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in _COLUMNS if name not in head]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}", f"wanted: {','.join(_COLUMNS)}")
    trace, seconds, given, came = (head.index(name) for name in _COLUMNS)
    calls: list[Call] = []
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(calls) >= _MOST_CALLS:
            raise InputError(f"{path} holds more than {_MOST_CALLS:,} calls", "replay a part of it")
        try:
            size = bisect_right(rules.input_bounds, int(row[given]))
            cell = Cell(row[trace], rules.input_names[size], "", "")
            calls.append(Call(cell, round(float(row[seconds]) * 1e6), _length(row[came]), False))
        except (ValueError, IndexError, OverflowError):
            raise InputError(f"{path}: line {number} is no call: {','.join(row)[:80]}") from None
    return calls


def _length(written: str) -> int:
    length = int(written)
    if length < 0:
        raise ValueError(written)
    return length
