"""A scan as text for people."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from engine.cli.tables import bar, middle, table
from engine.cli.terminal import visible

_LEVELS = ("full", "trimmed", "condensed", "capsule", "outline", "one line per file")
_ROWS = 8
COLUMNS = 80
"""Columns that every line fits into."""
_NAME = 48
"""Columns for a name in a table, which leaves room for its numbers."""
_DETAIL = re.compile(r" \(|, |: ")
_OBJECT = re.compile(r"\bobject [0-9a-f]+")


def scan_summary(report: dict[str, Any]) -> str:
    """Write totals, classes, levels, languages, folders and what was skipped."""
    tokens, window = report["tokens"], report["context_window"]
    head = [
        f"{middle(visible(report['root']), COLUMNS - 14)}  {report['revision'][:12]}".rstrip(),
        f"{report['files']:,} files  {report['chunks']:,} chunks  {tokens:,} tokens "
        f"({report['method']}, {report['encoding']})",
        f"{tokens / window:.1%} of the {window:,} token window of {visible(report['model'])}",
    ]
    parts = ["\n".join(middle(line, COLUMNS) for line in head)]
    if report["classes"]:
        parts += [
            _classes(report["classes"], tokens),
            _levels(report["levels"], window),
            _top("language", report["languages"], tokens),
            _top("folder", report["directories"], tokens),
        ]
    if report["skipped"]:
        parts.append(_skipped(report["skipped"]))
    seconds, cache = report["seconds"], report["cache"]
    parts.append(
        f"{seconds['total']:.2f} s, {cache['hits']:,} of {cache['hits'] + cache['misses']:,} files from the cache"
        + _shared(report.get("shared", {}))
    )
    return "\n\n".join(parts)


def _shared(shared: dict[str, int]) -> str:
    words = (("taken", "taken from the team"), ("sent", "sent to it"), ("refused", "refused"), ("waiting", "waiting"))
    said = [f"{shared[key]:,} {word}" for key, word in words if shared.get(key)]
    return f"; {', '.join(said)}" if said else ""


def _classes(classes: dict[str, dict[str, int]], tokens: int) -> str:
    rows = [
        (
            name,
            row["files"],
            row["chunks"],
            row["tokens"],
            f"{row['tokens'] / max(tokens, 1):6.1%}",
            bar(row["tokens"] / max(tokens, 1)),
        )
        for name, row in sorted(classes.items(), key=lambda item: -item[1]["tokens"])
    ]
    return table(("class", "files", "chunks", "tokens", "share", ""), rows)


def _levels(levels: dict[str, int], window: int) -> str:
    full = max(levels["0"], 1)
    rows = [
        (f"{level} {_LEVELS[int(level)]}", cost, f"{cost / full:6.1%}", "fits" if cost <= window else "")
        for level, cost in levels.items()
    ]
    return table(("everything at level", "tokens", "of full", "the window"), rows)


def _top(name: str, entries: dict[str, dict[str, int]], tokens: int) -> str:
    shown = list(entries.items())[:_ROWS]
    rows = [
        (middle(visible(key), _NAME), row["files"], row["tokens"], f"{row['tokens'] / max(tokens, 1):6.1%}")
        for key, row in shown
    ]
    rest = len(entries) - len(shown)
    return table((name, "files", "tokens", "share"), rows) + (f"\n… {rest} more" if rest > 0 else "")


def _skipped(skipped: list[dict[str, str]]) -> str:
    reasons = Counter(_kind(item["reason"]) for item in skipped)
    rows = [(middle(visible(reason), _NAME), number) for reason, number in reasons.most_common(_ROWS)]
    rest = len(reasons) - len(rows)
    return table(("skipped", "files"), rows) + (f"\n… {rest} more" if rest > 0 else "")


def _kind(reason: str) -> str:
    """Leave out what tells single files apart: asides, details after a comma or colon, ids of objects."""
    return _OBJECT.sub("object", _DETAIL.split(reason, maxsplit=1)[0])
