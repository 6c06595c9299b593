"""The verdict as workflow commands of GitHub Actions: annotations on files and lines."""

from __future__ import annotations

from engine.gate.formats.names import OLD_COMMAND, SHOWN_COMMAND
from engine.gate.verdict import Verdict, Violation
from engine.visible import display_path

MOST_SHOWN = 50
"""Annotations that are written; GitHub shows the first ten of a step."""


def write(verdict: Verdict) -> str:
    """Write a command for each violation; nothing when there is none."""
    lines = [_command(verdict, found) for found in verdict.violations[:MOST_SHOWN]]
    hidden = len(verdict.violations) - MOST_SHOWN
    if hidden > 0:
        lines.append(f"::notice title=packsight check::{hidden:,} more violations are in the other reports")
    return "".join(line + "\n" for line in lines)


def _command(verdict: Verdict, found: Violation) -> str:
    place = f"file={_property(verdict.prefix + found.path)},line={found.line}," if found.path else ""
    title = _property(f"packsight check: {found.rule.title}")
    subject = f"{display_path(found.subject)}: " if found.subject else ""
    said = [
        f"{subject}{found.message}",
        f"fix: {found.remedy}",
        *([f"why: {found.rule.why}"] if found.rule.why else ()),
    ]
    message = _data("\n".join(said)).replace(OLD_COMMAND, SHOWN_COMMAND)
    return f"::{found.rule.severity} {place}title={title}::{message}"


def _data(text: str) -> str:
    """A message: the runner undoes just these three."""
    return _seen(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property, which ``,`` and ``:`` would end besides."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _seen(text: str) -> str:
    """Text as it is, so that a path is found, but for what could steer whoever reads the log: shown as escapes."""
    return "".join(char if char.isprintable() or char in "\r\n" else display_path(char) for char in text)
