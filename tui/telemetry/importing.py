"""An import in words: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.events import Progress
from tui.telemetry.detail import Line
from tui.text import number, percent, short_path
from tui.widgets.names import shown_name

_NAME = 96
_MOST_PLACES = 6


def place_lines(places: Mapping[str, Sequence[Path]]) -> list[Line]:
    """Where logs are on this machine."""
    if not places:
        return [("no program's logs are in their usual place here: type a path", "", "facts--quiet")]
    lines: list[Line] = []
    for name, found in places.items():
        lines += [(shown_name(name, 24), short_path(str(path), 70), "") for path in found[:_MOST_PLACES]]
        if len(found) > _MOST_PLACES:
            lines.append(("", f"… {number(len(found) - _MOST_PLACES)} more", "facts--quiet"))
    return lines


def progress_words(progress: Progress, elapsed_s: float) -> str:
    """How far a running import is."""
    said = [f"{progress.done / 1000:,.1f} of {progress.total / 1000:,.1f} MB"]
    if progress.total:
        said.append(percent(progress.done / progress.total))
    if elapsed_s > 0.5 and progress.done:
        said.append(f"{progress.done / 1000 / elapsed_s:,.1f} MB/s")
    return " · ".join(said)


def done_lines(done: Mapping[str, Any]) -> list[Line]:
    """What an import did: totals, then everything that was refused or could not be read, by name."""
    lines: list[Line] = [
        ("new calls", number(done["added"]), "facts--changed" if done["added"] else ""),
        ("known better now", number(done["updated"]), ""),
        ("known already", number(done["unchanged"]), ""),
        ("logs", f"{number(done['files'])}, {number(done['unchanged_files'])} of them unchanged", ""),
        ("read", f"{done['read_bytes'] / 1e6:,.1f} MB in {done['elapsed_s']:,.1f} s", ""),
    ]
    lines += [(shown_name(name, 24), f"{number(rows)} events", "") for name, rows in sorted(done["by_source"].items())]
    if done["unknown_files"]:
        lines.append(("of no known program", f"{number(done['unknown_files'])} of the files", "facts--wrong"))
    if done["refused"]:
        lines.append((f"refused as impossible: {number(sum(done['refused'].values()))}", "", "facts--title"))
        lines += [(shown_name(why, 24), f"{number(rows)} rows", "facts--wrong")
                  for why, rows in sorted(done["refused"].items())]  # fmt: skip
    if done["bad_lines"]:
        lines.append((f"lines that cannot be read: {number(done['bad_lines'])}", "", "facts--title"))
        for bad in done["bad"]:
            where = shown_name(str(bad["path"]), 60) + (f":{bad['line']}" if bad["line"] else "")
            lines += [("", where, "facts--wrong"), ("", f"  {shown_name(str(bad['reason']), _NAME)}", "facts--why")]
        if done["bad_lines"] > len(done["bad"]):
            lines.append(("", f"… {number(done['bad_lines'] - len(done['bad']))} more", "facts--quiet"))
    return lines
