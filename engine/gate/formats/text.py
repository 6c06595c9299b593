"""The verdict for people at a terminal or in a log. Every line begins with a word of ours, never with a name."""

from __future__ import annotations

from engine.gate.formats.names import in_log, words_in_log
from engine.gate.verdict import Verdict, Violation
from engine.render.summary import table

MOST_SHOWN = 50
"""Violations that are told; JSON, JUnit and SARIF have all."""
_MOST_GROWERS = 5


def write(verdict: Verdict) -> str:
    """Write it as lines."""
    lines = [_head(verdict)]
    for number, found in enumerate(verdict.violations[:MOST_SHOWN], 1):
        lines += ["", *_violation(number, found)]
    hidden = len(verdict.violations) - MOST_SHOWN
    lines += [f"and {hidden:,} more"] if hidden > 0 else []
    growers = [row for row in verdict.grown if row.tokens > 0][:_MOST_GROWERS]
    if growers:
        rows = [(f"{row.tokens:+,}", f"{row.before:,}", f"{row.after:,}") for row in growers]
        columns = table(("change", "before", "after"), rows)
        names = ["biggest growers", *(in_log(row.path) for row in growers)]
        lines += ["", *(f"  {line}  {name}" for line, name in zip(columns, names, strict=True))]
    return "\n".join([*lines, "", _last(verdict)]) + "\n"


def _head(verdict: Verdict) -> str:
    head = f"total {verdict.total_tokens:,} tokens in {verdict.files:,} files ({verdict.model}, {verdict.method})"
    if not verdict.base:
        return head
    share = f", {100 * verdict.growth_tokens / verdict.base_tokens:+.1f}%" if verdict.base_tokens else ""
    named = f"{words_in_log(verdict.base)} ({verdict.base_revision[:12]})"
    return f"{head}\ngrowth {verdict.growth_tokens:+,} tokens{share} since {named}"


def _violation(number: int, found: Violation) -> list[str]:
    subject = f"{in_log(found.subject)}: " if found.subject else ""
    lines = [f"{found.rule.severity} {number}: {words_in_log(found.rule.demand)}"]
    lines.append(f"  what   {subject}{words_in_log(found.message)}")
    if found.path:
        lines.append(f"  where  {in_log(found.path)}:{found.line}")
    for at, total in enumerate(found.contributors):
        lines.append(f"  {'who' if not at else '':<5}  {total.tokens:>9,}  {in_log(total.path)}")
    lines.append(f"  fix    {words_in_log(found.remedy)}")
    if found.rule.why:
        lines.append(f"  why    {words_in_log(found.rule.why)}")
    return lines


def _last(verdict: Verdict) -> str:
    errors = sum(found.rule.severity == "error" for found in verdict.violations)
    warnings = len(verdict.violations) - errors
    rules = f"{len(verdict.outcomes):,} {'rule' if len(verdict.outcomes) == 1 else 'rules'}"
    told = [f"{errors:,} broken"] if errors else ["passed"]
    return f"checked {rules}: {', '.join([*told, f'{warnings:,} warned'] if warnings else told)}"
