"""The verdict as SARIF 2.1.0 (OASIS standard), as code scanning reads it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine import __version__
from engine.gate.formats.names import as_uri
from engine.gate.rules import KINDS
from engine.gate.verdict import Verdict, Violation
from engine.visible import display_path, visible_name

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SETTINGS = ".packsight.toml"
"""Where a violation without a place of its own is shown: code scanning refuses results without one."""


def write(verdict: Verdict) -> str:
    """Write one run with a result for each violation."""
    driver = {
        "name": "packsight",
        "version": __version__,
        "rules": [
            {"id": kind.key, "name": kind.key, "shortDescription": {"text": f"{kind.key}: {kind.about}"}}
            for kind in KINDS.values()
        ],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "packsight/check/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": 0 if verdict.passed else 1}],
        "results": [_result(verdict, found) for found in verdict.violations],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(verdict: Verdict, found: Violation) -> dict[str, Any]:
    subject = f"{display_path(found.subject)}: " if found.subject else ""
    why = f" ({visible_name(found.rule.why)})" if found.rule.why else ""
    # Brackets would begin a link inside a message (SARIF 2.1.0, section 3.11.6).
    said = f"{subject}{visible_name(found.message)}{why}. Fix: {visible_name(found.remedy)}."
    text = f"{visible_name(found.rule.title)}: {said}"
    text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    uri = as_uri(verdict.prefix + (found.path or _SETTINGS))
    print_of = "\0".join((found.rule.kind.key, found.rule.name, found.subject)).encode("utf-8", "surrogateescape")
    return {
        "ruleId": found.rule.kind.key,
        "ruleIndex": list(KINDS).index(found.rule.kind.key),
        "level": found.rule.severity,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": found.line},
                }
            }
        ],
        "partialFingerprints": {"packsight/v1": hashlib.sha256(print_of).hexdigest()[:32]},
        "properties": {"limit": found.limit, "measured": found.measured, "unit": found.unit},
    }
