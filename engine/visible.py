"""Hostile text made visible: nothing that passes through here can steer a terminal or break out of a line."""

from __future__ import annotations

import re

_BACKSLASH = "\\"

_PATH_RISK = re.compile(
    "[\\\\\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "\U000e0000-\U000e0fff]"
)
"""Controls, bidirectional marks, invisible and blank characters, lone surrogates, numbers that are no characters; and
the escape character itself."""

_TEXT_RISK = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What a terminal could obey, and what UTF-8 cannot hold. Everything else of a repository stays verbatim."""


def _path_escape(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char == _BACKSLASH:
        return _BACKSLASH * 2
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    # Braces keep U+0085 (valid UTF-8) apart from the raw byte 0x85.
    return f"\\u{{{code:x}}}"


def display_path(path: str) -> str:
    """Write a path on one line with everything invisible or dangerous as a visible escape.

    Different paths stay different: a backslash of the path itself is doubled. ``\\xNN`` is a byte (a control character,
    or a byte that was not UTF-8), ``\\u{…}`` a code point.

    Args:
        path: Path as listed, with surrogate escapes for bytes that are not UTF-8.

    Returns:
        Printable text without line breaks that encodes to UTF-8.
    """
    # Nearly all paths are like that, a report asks for thousands, and the search below is slower than these looks.
    if path.isascii() and path.isprintable() and _BACKSLASH not in path:
        return path
    return _PATH_RISK.sub(_path_escape, path)


def quoted(path: str) -> str:
    """Write a path as one word: as ``display_path``, in quotes where it has spaces or quotes itself."""
    name = display_path(path)
    if " " not in name and '"' not in name:
        return name
    # display_path has doubled every backslash, so \" cannot be mistaken for one of the path.
    return '"' + name.replace('"', '\\"') + '"'


def _symbol(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0:
        return f"\\x{code:02x}"
    return "\ufffd"


def visible_text(text: str) -> str:
    """Show control characters of repository text as symbols; all other characters stay as they are.

    ``\\n`` and ``\\t`` are kept, ``\\r\\n`` becomes ``\\n``, so the number of lines never changes.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _TEXT_RISK.sub(_symbol, text)


def visible_name(name: str) -> str:
    """Show a name, heading or query on one line: white space as single spaces, what cannot be seen as escapes.

    Unlike ``display_path`` it leaves backslashes alone: it is for reading, not for telling names apart.
    """
    if name.isascii() and name.isprintable() and "  " not in name:
        return name.strip()
    return _PATH_RISK.sub(
        lambda match: _path_escape(match) if match.group() != _BACKSLASH else _BACKSLASH, " ".join(name.split())
    )
