"""The verdict as JSON; ``docs/check.md`` describes the keys."""

from __future__ import annotations

import json
from typing import Any

from engine.gate.rules import Rule
from engine.gate.verdict import Outcome, Verdict, Violation


def write(verdict: Verdict) -> str:
    """Write it, indented."""
    return json.dumps(as_dict(verdict), indent=2) + "\n"


def as_dict(verdict: Verdict) -> dict[str, Any]:
    """Plain data; bytes of paths that are no UTF-8 are surrogate escapes."""
    base = {"name": verdict.base, "revision": verdict.base_revision, "tokens": verdict.base_tokens}
    share = round(100 * verdict.growth_tokens / verdict.base_tokens, 3) if verdict.base_tokens else None
    return {
        "passed": verdict.passed,
        "root": verdict.root,
        "prefix": verdict.prefix,
        "revision": verdict.revision,
        "model": verdict.model,
        "encoding": verdict.encoding,
        "method": verdict.method,
        "context_window": verdict.context_window,
        "files": verdict.files,
        "tokens": verdict.total_tokens,
        "base": base if verdict.base else None,
        "growth": {"tokens": verdict.growth_tokens, "percent": share} if verdict.base else None,
        "rules": [_rule(outcome) for outcome in verdict.outcomes],
        "violations": [_violation(found) for found in verdict.violations],
        "changed": [
            {"path": row.path, "before": row.before, "after": row.after, "tokens": row.tokens} for row in verdict.grown
        ],
    }


def _rule(outcome: Outcome) -> dict[str, Any]:
    return {
        **_named(outcome.rule),
        "severity": outcome.rule.severity,
        "why": outcome.rule.why,
        "file": outcome.rule.file,
        "line": outcome.rule.line,
        "looked_at": outcome.looked_at,
        "violations": len(outcome.violations),
    }


def _named(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.kind.key, "name": rule.name, "demand": rule.demand}


def _violation(found: Violation) -> dict[str, Any]:
    return {
        **_named(found.rule),
        "severity": found.rule.severity,
        "subject": found.subject,
        "unit": found.unit,
        "limit": found.limit,
        "measured": found.measured,
        "over": round(found.over, 6),
        "message": found.message,
        "path": found.path,
        "line": found.line,
        "contributors": [{"path": total.path, "tokens": total.tokens} for total in found.contributors],
        "remedy": found.remedy,
    }
