"""A scan as text for people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.cli.tables import bar, table
from engine.cli.terminal import visible

_LEVELS = ("full", "trimmed", "condensed", "capsule", "outline", "one line per file")
_ROWS = 8


def scan_summary(report: dict[str, Any]) -> str:
    """Write totals, classes, levels, languages, folders and what was skipped."""
    tokens, window = report["tokens"], report["context_window"]
    head = [
        f"{visible(report['root'])}  {report['revision'][:12]}".rstrip(),
        f"{report['files']:,} files  {report['chunks']:,} chunks  {tokens:,} tokens "
        f"({report['method']}, {report['encoding']})",
        f"{tokens / window:.1%} of the {window:,} token window of {report['model']}",
    ]
    parts = ["\n".join(head)]
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
    )
    return "\n\n".join(parts)


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
    rows = [(visible(key), row["files"], row["tokens"], f"{row['tokens'] / max(tokens, 1):6.1%}") for key, row in shown]
    rest = len(entries) - len(shown)
    return table((name, "files", "tokens", "share"), rows) + (f"\n… {rest} more" if rest > 0 else "")


def _skipped(skipped: list[dict[str, str]]) -> str:
    reasons = Counter(item["reason"].split(" (")[0].split(",")[0] for item in skipped)
    rows = [(visible(reason), number) for reason, number in reasons.most_common(_ROWS)]
    return table(("skipped", "files"), rows)
