"""Globs of the rules as regular expressions that match in linear time per star.

Rules may come from the configuration of an untrusted repository, so no pattern may backtrack without bound: every
star but the last of a name is possessive up to the text behind it, and the stars of a pattern are limited.
"""

from __future__ import annotations

import re

MAX_GLOB = 200
"""Longest glob in characters."""
MAX_STARS = 8
"""Most ``*`` and ``**`` in one glob."""
_DIRECTORIES = "(?:[^/]+/)*"


def is_glob(pattern: str) -> bool:
    """Whether the pattern holds a wildcard."""
    return any(mark in pattern for mark in "*?[")


def name_regex(glob: str) -> str:
    """Regular expression source of a glob for one path component; anchor it yourself.

    ``*`` is any run without ``/``, ``?`` one character, ``[ab]`` and ``[!ab]`` a set.

    Raises:
        ValueError: the glob is too long, has too many stars or an open bracket.
    """
    _check(glob)
    return _segment(glob)


def path_regex(glob: str, *, anywhere: bool = False) -> str:
    """Regular expression source of a glob for a whole path: ``**/`` is any number of directories and a trailing
    ``/**`` everything below.

    Args:
        glob: The pattern; it starts at the root.
        anywhere: It may start at any directory.

    Raises:
        ValueError: as for ``name_regex``.
    """
    _check(glob)
    parts = glob.strip("/").split("/")
    # Directories between two "**" stand together and, as with text between two stars, the first place is the best.
    groups: list[list[str]] = [[], []] if anywhere else [[]]
    for part in parts:
        if part == "**":
            groups.append([])
        else:
            groups[-1].append(_segment(part))
    if len(groups) == 1:
        return "/".join(groups[0])
    first, *middle, last = groups
    out = "".join(f"{one}/" for one in first)
    out += "".join(f"(?>{_DIRECTORIES}?{''.join(f'{one}/' for one in group)})" for group in middle if group)
    return out + (_DIRECTORIES + "/".join(last) if last else ".*")


def _check(glob: str) -> None:
    if not glob:
        raise ValueError("is empty")
    if len(glob) > MAX_GLOB:
        raise ValueError(f"is longer than {MAX_GLOB} characters")
    if glob.count("*") > MAX_STARS:
        raise ValueError(f"has more than {MAX_STARS} stars")


def _segment(glob: str) -> str:
    pieces = [_literal(piece) for piece in re.split(r"\*+", glob)]
    if len(pieces) == 1:
        return pieces[0]
    # The leftmost place where the text between two stars fits is always as good as a later one, so it is atomic.
    middle = "".join(f"(?>[^/]*?{piece})" for piece in pieces[1:-1] if piece)
    return f"{pieces[0]}{middle}[^/]*{pieces[-1]}"


def _literal(text: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "?":
            out.append("[^/]")
        elif char == "[":
            close = text.find("]", at + 2)
            if close < 0:
                raise ValueError("has a bracket that is never closed")
            inner = text[at + 1 : close]
            negated = inner.startswith("!")
            inner = inner.removeprefix("!").replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
            out.append(f"[{'^/' if negated else ''}{inner}]")
            at = close
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)
