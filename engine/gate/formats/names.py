"""Names of files in places with rules of their own."""

from __future__ import annotations

import re
from urllib.parse import quote

from engine.visible import display_path, visible_name

OLD_COMMAND = "##["
"""Begins a command to a GitHub runner anywhere in a line of a log, as ``::`` does at its start."""
SHOWN_COMMAND = "#\\x23["
"""The same, shown."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, not even as a reference (XML 1.0, section 2.2, production Char)."""


def in_log(path: str) -> str:
    """A path for a line of a log: nothing that a terminal or a CI system could obey."""
    return display_path(path).replace(OLD_COMMAND, SHOWN_COMMAND)


def words_in_log(text: str) -> str:
    """A sentence that may quote names, for a line of a log."""
    return visible_name(text).replace(OLD_COMMAND, SHOWN_COMMAND)


def in_xml(text: str) -> str:
    """Text without characters that XML cannot hold; they become visible escapes."""
    return _NOT_XML.sub(lambda match: f"\\u{{{ord(match.group()):x}}}", text)


def as_uri(path: str) -> str:
    """A path as a relative URI reference (RFC 3986): bytes that are not plain are percent-encoded."""
    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/-._~")
    # A colon in the first part would make it a scheme; quoted, it is none.
    return uri.lstrip("/")
