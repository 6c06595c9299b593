"""Which paths a ``.gitattributes`` could matter for: a cheap superset, so that git is asked about few."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

ASKED = ("linguist-generated", "linguist-vendored", "linguist-documentation", "export-ignore", "filter", "ident")
"""Attributes that always matter."""
CONVERTING = ("eol", "text", "crlf", "working-tree-encoding")
"""Attributes that matter for bytes on disk."""

_GLOB = re.compile(r"[*?\[\\]")
_SPACE = " \t\r"
_BINARY = "binary"
"""The one macro that git defines itself; it unsets ``text``."""


@dataclass(slots=True)
class Relevance:
    """What the attribute files of a repository are about."""

    names: set[str] = field(default_factory=set)
    """Attributes to ask git for."""
    matchers: list[Callable[[str], bool]] = field(default_factory=list)
    """A path for which none is true has none of the attributes."""

    def concerned(self, paths: Iterable[str]) -> list[str]:
        """Select the paths that some line could be about."""
        matchers = self.matchers
        return [path for path in paths if any(matches(path) for matches in matchers)] if matchers else []


def relevance(sources: Iterable[tuple[str, str]], *, conversion: bool, crlf_by_default: bool, fold: bool) -> Relevance:
    """Read attribute files for lines that matter.

    Args:
        sources: Directory (``""`` or with a trailing ``/``) and text of each attribute file.
        conversion: Whether the bytes on disk are what will be read.
        crlf_by_default: Whether configuration converts line endings, so that ``text`` and ``-text`` matter.
        fold: Whether names match without regard to case.
    """
    found = Relevance()
    sources = list(sources)
    macros = {_BINARY} | {_words(line)[0][6:] for _, text in sources for line in _lines(text) if line[:6] == "[attr]"}
    for folder, text in sources:
        for line in _lines(text):
            pattern, *marks = _words(line)
            names = _names(marks, macros, conversion, crlf_by_default)
            if line[:6] != "[attr]" and names:
                found.names |= names
                found.matchers.append(_matcher(folder, "\\" if fold else pattern))
    return found


def _lines(text: str) -> Iterable[str]:
    stripped = (line.strip(_SPACE) for line in text.split("\n"))
    return (line for line in stripped if line and line[0] != "#")


def _words(line: str) -> list[str]:
    """Split as git does, at ASCII white space; a quoted pattern, which may hold it, is not read."""
    if line[0] == '"':
        return ['"', *line.rpartition('"')[2].split()]
    return re.split(f"[{_SPACE}]+", line)


def _names(marks: list[str], macros: set[str], conversion: bool, crlf_by_default: bool) -> set[str]:
    names: set[str] = set()
    for mark in marks:
        name, _, value = mark.lstrip("-!").partition("=")
        if name in ASKED:
            names.add(name)
        elif name in CONVERTING and conversion:
            # Text with LF endings, which nearly every repository asks for, is stored and checked out as it is.
            if crlf_by_default or name == "working-tree-encoding" or value == "crlf":
                names |= {"eol", "text", "working-tree-encoding"}
        elif name in macros and (name != _BINARY or (conversion and crlf_by_default)):
            names |= {*ASKED, *(("eol", "text", "working-tree-encoding") if conversion else ())}
    return names


def _matcher(folder: str, pattern: str) -> Callable[[str], bool]:
    inner = pattern.lstrip("/")
    anchored = pattern.startswith("/") or "/" in inner.rstrip("/")
    if '"' in pattern or "\\" in pattern:
        return lambda path: path.startswith(folder)
    if anchored:
        glob = _GLOB.search(inner)
        literal = folder + (inner[: glob.start()] if glob else inner)
        return lambda path: path.startswith(literal)
    if not _GLOB.search(inner):
        return lambda path: path.startswith(folder) and path.rstrip("/").rpartition("/")[2] == inner.rstrip("/")
    if inner[0] == "*" and not _GLOB.search(inner[1:]) and "/" not in inner:
        ending = inner[1:]
        return lambda path: path.startswith(folder) and path.rstrip("/").endswith(ending)
    return lambda path: path.startswith(folder)
