"""Globs as ``.gitignore`` has them, matched in a time that is bounded whatever the glob.

They come from repositories of strangers (``.packsightignore``, ``.gitignore``, ``.packsight.toml``). As the regular
expressions that pathspec writes, ``*a*a*a*a*a*a*b`` takes years on a name of two hundred ``a``; here every star but the
last is settled at the first place where what follows it fits, which is as good as any later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_STAR, _ABOVE, _BETWEEN = "[^/]*", "^(?:.+/)?", "(?:/.+)?"
"""How pathspec writes ``*``, a leading ``**/`` and ``/**`` before another name."""
_RUN = re.compile(r"(?:\[\^/\]\*){2,}")
_SET = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]")
"""A set of characters; escaped ones are passed over."""


def git_globs(lines: Iterable[str]) -> GitIgnoreSpec:
    """Compile globs, one a line, as in ``.gitignore``.

    Raises:
        ValueError: a line is no pattern.
    """
    from pathspec import GitIgnoreSpec

    # Other engines, which pathspec would take where they are installed, do not know all that is written here.
    return GitIgnoreSpec.from_lines(lines, _pattern(), backend="simple")


def bounded(expression: str) -> str:
    """Rewrite an expression of pathspec's so that it matches the same paths without trying every way to split them."""
    within_names = _SET.sub(_without_slash, expression)
    first, *others = (_with_stars_settled(part) for part in within_names.split(_BETWEEN))
    if not others:
        return first
    *middle, last = others
    # Between two "**" stand whole names, a fixed number of them: where they fit first, they fit best.
    if first.startswith(_ABOVE):
        first = f"^(?>(?:[^/]+/)*?{first.removeprefix(_ABOVE)}(?=/))"
    return first + "".join(f"(?>(?:/[^/]+)*?{part}(?=/))" for part in middle) + _BETWEEN + last


def _without_slash(found: re.Match[str]) -> str:
    """Keep ``[!a]`` from matching a slash, as git does."""
    text = found[0]
    return f"[^/{text[2:]}" if text.startswith("[^") and not text.startswith("[^/") else text


def _with_stars_settled(part: str) -> str:
    first, *others = _RUN.sub(lambda _: _STAR, part).split(_STAR)
    out = first
    for number, text in enumerate(others):
        # The last star of a name may have to be tried at several places: the name has to end behind it.
        is_last = number == len(others) - 1 or "/" in _SET.sub("", text)
        out += _STAR + text if is_last else f"(?>{_STAR}?{text})"
    return out


@cache
def _pattern() -> type[GitIgnoreSpecPattern]:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    class Bounded(GitIgnoreSpecPattern):
        """A line of an ignore file."""

        @classmethod
        def pattern_to_regex(cls, pattern: Any) -> tuple[Any, bool | None]:
            """Translate it."""
            expression, include = super().pattern_to_regex(pattern)
            return (bounded(expression) if isinstance(expression, str) else expression), include

    return Bounded
