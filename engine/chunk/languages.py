"""Which language a path is in, from ``languages.toml`` alone: name, extension, then the first line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.plugins import installed

if TYPE_CHECKING:
    from engine.chunk.plugged import Cut

_SHEBANG = re.compile(rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*/)?([A-Za-z_-]+[A-Za-z_]*\d?)")
_CPP_HEADER = re.compile(
    rb"(?m)^\s*(?:class\s+\w+|namespace\b|template\s*<|using\s+\w+|public:|private:)|#include <\w+>"
)
_UNDERLINED = re.compile(rb"(?m)^(?:.. \w+|[^\s=\-~^*#].{2,})\r?\n(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|#{3,})[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the table."""

    name: str
    """Name as it appears in results."""
    strategy: str
    """How text is cut: ``code``, ``config``, ``markdown``, ``rst``, ``ini``, ``text``, ``lines``, ``data``, and
    ``plugin`` for a function of a plugin."""
    grammar: str = ""
    """Python module of the grammar, optionally ``module:function``; empty where none exists."""
    query: str = ""
    """Stem of the query file in ``queries/``."""
    doc_prefix: tuple[bytes, ...] = ()
    """Comments that begin so are documentation."""
    doc_adjacent: bool = False
    """Any comment directly above a definition documents it."""
    reader: str = ""
    """Name of a reader that needs no grammar for most files; empty where there is none."""
    max_margin: int = 0
    """Columns of indentation and markers that the grammar survives; 0 for no limit."""
    narrow: bool = False
    """The grammar knows 256 letters and reads memory that is not its own for others: it must only see ASCII."""
    query_text: str = ""
    """The query itself, where a plugin brings it."""
    cut: Callable[[bytes, list[bytes]], Cut] | None = None
    """The function of a plugin."""


@dataclass(frozen=True, slots=True)
class _Table:
    languages: dict[str, Language]
    by_extension: dict[str, str]
    by_filename: dict[str, str]
    by_program: dict[str, str]


@cache
def table() -> _Table:
    """Load the table once per process."""
    raw = tomllib.loads((files("engine.chunk") / "languages.toml").read_text("utf-8"))
    found = _Table({}, {}, {}, {})
    for name, row in raw.items():
        found.languages[name] = Language(
            name=name,
            strategy=row["strategy"],
            grammar=row.get("grammar", ""),
            query=row.get("query", name),
            doc_prefix=tuple(prefix.encode() for prefix in row.get("doc_prefix", ())),
            doc_adjacent=row.get("doc_adjacent", False),
            reader=row.get("reader", ""),
            max_margin=row.get("max_margin", 0),
            narrow=row.get("narrow", False),
        )
        for key, target in (
            ("extensions", found.by_extension),
            ("filenames", found.by_filename),
            ("shebangs", found.by_program),
        ):
            for word in row.get(key, ()):
                target.setdefault(word.lower(), name)
    if installed("packsight.languages"):
        _add_plugins(found)
    return found


def _add_plugins(found: _Table) -> None:
    """Add what plugins bring; what is there already is not theirs to take."""
    from engine.chunk import plugged

    words = {"extension": found.by_extension, "filename": found.by_filename, "shebang": found.by_program}

    def taken(kind: str, word: str) -> str | None:
        return (word if word in found.languages else None) if kind == "language" else words[kind].get(word)

    for plugin, made in plugged.languages(taken):
        name = plugin.name
        found.languages[name] = Language(
            name=name,
            strategy="code" if made.cut is None else "plugin",
            grammar=made.grammar,
            doc_prefix=tuple(prefix.encode() for prefix in made.doc_prefix),
            doc_adjacent=made.doc_adjacent,
            query_text=made.query,
            cut=made.cut,
        )
        for target, mine in (
            (found.by_extension, made.extensions),
            (found.by_filename, made.filenames),
            (found.by_program, made.shebangs),
        ):
            target.update((word.lower(), name) for word in mine)


def detect_language(path: str, head: bytes) -> str | None:
    """Name the language of a file, or None.

    Args:
        path: path in the repository, ``/`` separated.
        head: the first few kilobytes, for shebangs and for extensions that several languages share.
    """
    names = table()
    name = path[path.rfind("/") + 1 :].lower()
    language = names.by_filename.get(name)
    if language is None:
        rest = name.lstrip(".")
        while language is None and "." in rest:
            rest = rest.partition(".")[2]
            language = names.by_extension.get(rest)
        if language is None and name.startswith("."):
            language = names.by_extension.get(name[1:])
    if language is None and head.startswith(b"#!"):
        found = _SHEBANG.match(head)
        if found:
            program = found[1].decode("ascii").lower()
            language = names.by_program.get(program) or names.by_program.get(program.rstrip("0123456789"))
    if language == "c" and name.endswith(".h") and _CPP_HEADER.search(head):
        return "cpp"
    if language == "text" and _UNDERLINED.search(head):
        return "rst"
    if language is None and name.startswith(("dockerfile.", "makefile.")):
        return "dockerfile" if name[0] == "d" else "make"
    if language is None and name.startswith((".env.", "requirements")):
        return "ini" if name[0] == "." else "requirements"
    return language
