"""A verdict as text for people, programs and CI systems.

In: a ``Verdict``. Out: one text per format. Names of files come from strangers, so each format escapes them by its own
rules; no format may be broken out of, nor steer a terminal or a CI system.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from importlib import import_module

from engine.errors import UsageError
from engine.gate.verdict import Verdict

FORMATS = ("text", "json", "junit", "sarif", "github", "markdown")
"""Every format; its module has a function ``write``."""


def write(verdict: Verdict, name: str) -> str:
    """Write a verdict in a format.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FORMATS:
        nearest = difflib.get_close_matches(name[:40], FORMATS, 1, 0.0)[0]
        raise UsageError(
            f"there is no format '{name[:80]}'", f"did you mean '{nearest}'? formats: {', '.join(FORMATS)}"
        )
    writer: Callable[[Verdict], str] = import_module(f"engine.gate.formats.{name}").write
    return writer(verdict)
