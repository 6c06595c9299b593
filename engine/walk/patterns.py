"""Which paths a person wants: ``--include``, ``--exclude`` and ignore files, all in gitignore syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.events import Emit, Warned
from engine.gitglobs import git_globs
from engine.walk.failures import printable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_GROUP_NAME = re.compile(r"\(\?P<\w+>")
"""Names of groups would clash in one expression."""

_MOST_NAMED = 5
"""Globs that one warning names."""

IGNORE_FILE = ".packsightignore"
"""Our own ignore file; it may lie in any folder and is about what is below."""


def _compile(lines: Sequence[str]) -> GitIgnoreSpec:
    return git_globs(lines)


class _Rules:
    """The patterns of one ignore file, with one expression in front that most paths fail."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._spec = _compile(lines)
        expressions = (getattr(pattern, "regex", None) for pattern in self._spec.patterns)
        sources = [_GROUP_NAME.sub("(?:", expression.pattern) for expression in expressions if expression]
        self._any = re.compile("|".join(f"(?:{source})" for source in sources))

    def verdict(self, path: str) -> bool | None:
        """Say whether ``path``, relative to the file's folder, is ignored; None without an opinion."""
        if not self._any.match(path):
            return None
        return self._spec.check_file(path).include


class Choice:
    """What ``--include`` and ``--exclude`` select."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = _strict(include, "--include") if include else None
        self._exclude = _strict(exclude, "--exclude") if exclude else None
        self._globs = [("include", glob) for glob in include] + [("exclude", glob) for glob in exclude]
        self._asked: list[str] = []

    def __bool__(self) -> bool:
        return self._include is not None or self._exclude is not None

    def wants(self, path: str) -> bool:
        """Say whether ``path`` matches an include, if there are any, and no exclude."""
        self._asked.append(path)
        if self._include is not None and not self._include.match_file(path):
            return False
        return self._exclude is None or not self._exclude.match_file(path)

    def warn(self, emit: Emit) -> None:
        """Warn of globs that match no path that was asked about, in one line.

        When no include matches, nothing is left, which whoever listed has more to say about.
        """
        empty = self._include is not None and not _matches_any(self._include, self._asked)
        lost = [
            f"{option} {printable(glob)!r}"
            for option, glob in self._globs
            # Lines that only take back what others say, and comments, match nothing by themselves.
            if not (empty and option == "include") and glob.strip() and glob[0] not in "!#"
            if not _matches_any(_compile([glob]), self._asked)
        ]
        if lost:
            more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
            emit(Warned(f"no path matches {', '.join(lost[:_MOST_NAMED])}{more}"))


def _matches_any(spec: GitIgnoreSpec, paths: Sequence[str]) -> bool:
    return any(spec.match_file(path) for path in paths)


def _strict(globs: Sequence[str], option: str) -> GitIgnoreSpec:
    for glob in globs:
        try:
            _compile([glob])
        except ValueError as error:
            raise UsageError(f"{option} {printable(glob)!r} is not a pattern.", "Write it as in .gitignore.") from error
    return _compile(globs)


class IgnoreRules:
    """The ignore files of a tree. The deepest one with an opinion about a path decides; in a file, the last line."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._specs: dict[str, list[_Rules]] = {}
        """By folder, ``""`` or ending in ``/``; of one folder the later file counts more."""

    def __bool__(self) -> bool:
        return bool(self._specs)

    def add(self, folder: str, text: str, name: str) -> None:
        """Take in an ignore file. Lines that are no pattern are left out and reported."""
        lines = []
        for line in text.lstrip("\ufeff").splitlines():
            try:
                _compile([line])
            except ValueError:
                self._emit(Warned(f"{printable(folder + name)}: {printable(line)!r} is not a pattern and is left out."))
            else:
                lines.append(line)
        if lines:
            self._specs.setdefault(folder, []).append(_Rules(lines))

    def ignores(self, path: str) -> bool:
        """Say whether ``path`` (a folder ends in ``/``) is ignored, itself or through a folder above it."""
        return self._decide(path, path.rstrip("/").rpartition("/")[0])

    def _decide(self, path: str, folder: str) -> bool:
        while True:
            at = folder + "/" if folder else ""
            for spec in reversed(self._specs.get(at, ())):
                verdict = spec.verdict(path[len(at) :])
                if verdict is not None:
                    return verdict
            if not folder:
                return False
            folder = folder.rpartition("/")[0]
