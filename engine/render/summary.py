"""The report for people: a few aligned lines, without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.model import Level
from engine.visible import visible_name

_LABEL_WIDTH = 10
_MOST_REASONS = 8
"""Reasons for leaving files out that get a line of their own."""


def summary_lines(report: Mapping[str, Any]) -> list[str]:
    """Write a report as lines for stderr.

    Args:
        report: As ``build_report`` makes it.

    Returns:
        Lines without line breaks or control characters; numbers have thousands separators and are the report's numbers.
    """
    budget, actual = report["budget"], report["actual"]
    share = f" ({100 * actual / budget:.1f} %)" if budget else ""
    counting = f"{visible_name(report['model'])}, {report['encoding']}, {report['method']}"
    over = "" if report["fits"] else "  OVER BUDGET"
    lines = [
        _line("packed", f"{actual:,} of {budget:,} tokens{share}{over}"),
        _line("model", counting),
        _line("window", f"{report['context_window']:,} tokens, {report['reserve']:,} kept for the answer"),
        _line("quality", f"{report['quality']:.3f} of what is in scope"),
    ]
    if "coverage" in report:
        lines.append(_line("coverage", _coverage(report["coverage"])))
    lines += _told(report)
    lines += [_line(name, visible_name(report[name])) for name in ("profile", "intent", "query") if report[name]]
    lines += _level_table(report["levels"])
    lines += _class_table(report["classes"])
    if report["excluded"]:
        lines += _excluded(report["excluded"])
    if report["alternatives"]:
        lines += _alternatives(report["alternatives"])
    if report["seconds"]:
        steps = ", ".join(f"{name} {value:.2f}" for name, value in report["seconds"].items())
        lines.append(_line("seconds", steps))
    return lines


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL_WIDTH}}{text}"


def _coverage(numbers: Mapping[str, int]) -> str:
    covered = numbers["files_in_scope"] - numbers["files_left_out"]
    words = f"{covered:,} of {numbers['files_in_scope']:,} files"
    parts = [(numbers["files_by_line"], "by line"), (numbers["files_in_directories"], "by directory")]
    return ", ".join([words, *(f"{number:,} {way}" for number, way in parts if number)])


def _told(report: Mapping[str, Any]) -> list[str]:
    """Secrets and hidden characters, where there are any."""
    out = []
    done = {"mark": "marked", "drop": "left out", "keep": "kept"}
    for name, what in (
        ("secrets", "shown" if report.get("secrets_shown") else "masked"),
        ("hidden", f"places {done[report.get('hidden_text', 'mark')]}"),
    ):
        places = report.get(name, ())
        if places:
            kinds = Counter(row["kind"] for row in places)
            files = len({row["path"] for row in places})
            listed = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
            out.append(_line(name, f"{len(places):,} {what} in {files:,} file{'s' * (files > 1)}: {listed}"))
    return out


def _level_table(levels: Mapping[str, Mapping[str, int]]) -> list[str]:
    rows = [
        (f"{step} {Level(int(step)).name.lower()}", f"{row['chunks']:,}", f"{row['tokens']:,}")
        for step, row in levels.items()
        if row["chunks"]
    ]
    return table(("level", "chunks", "tokens"), rows)


def _class_table(classes: Mapping[str, Mapping[str, float]]) -> list[str]:
    rows = [
        (name, f"{row['chunks']:,}", f"{row['tokens']:,}", f"{row['tokens_full']:,}", f"{row['quality']:.3f}")
        for name, row in classes.items()
    ]
    return table(("class", "chunks", "tokens", "of", "quality"), rows)


def _alternatives(alternatives: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        (
            f"all at {row['level']}",
            f"{row['tokens']:,}",
            f"{row['quality']:.3f}",
            "fits" if row["fits"] else "too large",
        )
        for row in alternatives
    ]
    return table(("instead", "tokens", "quality", ""), rows)


def _excluded(excluded: Sequence[Mapping[str, Any]]) -> list[str]:
    """Reasons with their numbers; details in brackets and ``3 of 12 chunks`` are for the report alone."""
    files: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for row in excluded:
        head, colon, rest = row["reason"].partition(" chunks: ")
        part = colon and head.replace(" of ", "").isdigit()
        reason = f"in part, {rest}" if part else row["reason"].partition(" (")[0]
        files[reason] += 1
        tokens[reason] += row["tokens"]
    common = [reason for reason, _ in files.most_common(_MOST_REASONS)]
    rows = [(visible_name(reason), f"{files[reason]:,}", f"{tokens[reason]:,}") for reason in common]
    if len(files) > len(common):
        rest_files = files.total() - sum(files[reason] for reason in common)
        rest_tokens = tokens.total() - sum(tokens[reason] for reason in common)
        rows.append(("other reasons", f"{rest_files:,}", f"{rest_tokens:,}"))
    return table(("left out", "files", "tokens"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Align rows below a head: the first column to the left, numbers to the right."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    out = []
    for row in (head, *rows):
        cells = [row[0].ljust(max(widths[0], _LABEL_WIDTH - 2))]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        out.append("  ".join(cells).rstrip())
    return out
