"""The verdict as Markdown, for the summary of a CI run: what is broken, and the biggest growers."""

from __future__ import annotations

from collections.abc import Sequence

from engine.gate.verdict import Growth, Verdict, Violation
from engine.visible import display_path, visible_name

_MOST_VIOLATIONS = 50
_MOST_GROWERS = 15
_LONGEST_NAME = 200


def write(verdict: Verdict) -> str:
    """Write sections and tables."""
    lines = [f"## packsight check: {'passed' if verdict.passed else 'failed'}", "", _totals(verdict)]
    if verdict.violations:
        lines += ["", *_violations(verdict.violations)]
    grown = [row for row in verdict.grown if row.tokens > 0]
    shrunk = [row for row in reversed(verdict.grown) if row.tokens < 0]
    for title, rows in (("Biggest growers", grown), ("Biggest savings", shrunk)):
        if rows:
            lines += ["", f"### {title}", "", *_growers(rows)]
    return "\n".join(lines) + "\n"


def _totals(verdict: Verdict) -> str:
    said = f"{verdict.total_tokens:,} tokens in {verdict.files:,} files ({_text(verdict.model)}, {verdict.method})"
    if not verdict.base:
        return said + "."
    share = f", {100 * verdict.growth_tokens / verdict.base_tokens:+.1f} %" if verdict.base_tokens else ""
    return (
        f"{said}; {verdict.growth_tokens:+,} tokens{share} since {_code(verdict.base)} ({verdict.base_revision[:12]})."
    )


def _violations(violations: Sequence[Violation]) -> list[str]:
    lines = ["| | rule | what | limit | measured | over | fix |", "|---|---|---|---:|---:|---:|---|"]
    for found in violations[:_MOST_VIOLATIONS]:
        subject = _code(display_path(found.subject)) if found.subject else "everything"
        numbers = [_number(value, found.unit) for value in (found.limit, found.measured, found.over)]
        why = f"<br>{_text(found.rule.why)}" if found.rule.why else ""
        cells = [found.rule.severity, _code(found.rule.title), subject, *numbers, _text(found.remedy) + why]
        lines.append(f"| {' | '.join(cells)} |")
    hidden = len(violations) - _MOST_VIOLATIONS
    return [*lines, "", f"{hidden:,} more."] if hidden > 0 else lines


def _growers(rows: Sequence[Growth]) -> list[str]:
    lines = ["| file | before | after | change |", "|---|---:|---:|---:|"]
    for row in rows[:_MOST_GROWERS]:
        name = _code(display_path(row.path))
        lines.append(f"| {name} | {row.before:,} | {row.after:,} | {row.tokens:+,} |")
    hidden = len(rows) - _MOST_GROWERS
    return [*lines, "", f"{hidden:,} more files."] if hidden > 0 else lines


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f}" if unit == "tokens" else f"{value:.3f}"


def _code(text: str) -> str:
    """A name: in code, where nobody is mentioned and no address becomes a link."""
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    """Text that Markdown shows as it is: every mark of it as a character reference."""
    shown = visible_name(text)
    if len(shown) > _LONGEST_NAME * 2:
        shown = f"{shown[:_LONGEST_NAME]}…{shown[-_LONGEST_NAME:]}"
    return "".join(char if char.isalnum() or char in " …,;()%=+-" else f"&#{ord(char)};" for char in shown)
