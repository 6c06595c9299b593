"""Languages of plugins: entry points of ``packsight.languages``, named for the language.

An entry point names a ``LanguagePlugin``: which paths are of the language, and how it is cut, by a function or by a
tree-sitter grammar with a query. What a function gives is checked before it is believed: a file whose spans do not tile
its lines is cut by its lines, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING

from engine.chunk.spans import FileChunks, Role, Span, Trait
from engine.plugins import Bad, Plugin, sound

if TYPE_CHECKING:
    from engine.chunk.languages import Language
    from engine.chunk.source import SourceText

GROUP = "packsight.languages"
KINDS = frozenset({
    "block", "function", "method", "class", "interface", "struct", "enum", "trait", "impl", "module", "namespace",
    "type", "const", "import", "comment", "docstring", "licence", "statement", "test", "demo", "section", "fence",
    "table", "rule", "element",
})  # fmt: skip
"""Kinds that a span may be of; see ``Span.kind``."""
_NAME = re.compile(r"[a-z][a-z0-9_+#-]{0,30}")
_WORD = re.compile(r"[^\s/\\]{1,60}")
_MOST_NAMES = 30
_LONGEST_NAME = 200
_ROLES = bytes(Role)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a plugin's function makes of a file."""

    spans: Sequence[Span]
    """Spans that tile the lines of the file, in order."""
    roles: Sequence[int]
    """One ``Role`` per line."""
    defines: Sequence[Sequence[str]] = ()
    """Per span, the names that it defines; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class LanguagePlugin:
    """A language: how to tell it, and how to cut it."""

    extensions: tuple[str, ...] = ()
    """Ends of file names without the dot in front, in lower case."""
    filenames: tuple[str, ...] = ()
    """Whole names of files."""
    shebangs: tuple[str, ...] = ()
    """Programs of a first line ``#!``."""
    cut: Callable[[bytes, list[bytes]], Cut] | None = None
    """Given the text as UTF-8 and its lines without their ends; None with a grammar."""
    grammar: str = ""
    """Module of a tree-sitter grammar, optionally ``module:function``."""
    query: str = ""
    """Text of the tree-sitter query, with the captures of ``engine/chunk/queries``."""
    doc_prefix: tuple[str, ...] = ()
    """Comments that begin so are documentation."""
    doc_adjacent: bool = False
    """Any comment directly above a definition documents it."""


class PluginFailed(Exception):
    """A plugin's function failed on a file, or what it gave cannot be used."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note
        """Why lines were used, as ``FileChunks.note``."""


def languages(taken: Callable[[str, str], str | None]) -> list[tuple[Plugin, LanguagePlugin]]:
    """Languages of plugins, without those that are in the way of others.

    Args:
        taken: Tells whose a word is, given the kind (``language``, ``extension``, ``filename``, ``shebang``).
    """
    words: dict[tuple[str, str], str] = {}

    def check(made: object, plugin: Plugin) -> LanguagePlugin:
        if not isinstance(made, LanguagePlugin):
            raise Bad(f"{plugin.value} is no LanguagePlugin")
        claimed = _words(made, plugin)
        for kind, word in claimed:
            owner = words.get((kind, word)) or taken(kind, word)
            if owner is not None:
                raise Bad(f"{kind} {word!r} belongs to {owner}")
        _has_one_way(made)
        words.update(dict.fromkeys(claimed, plugin.title))
        return made

    return list(sound(GROUP, check))


def cut_by_plugin(source: SourceText, lines: list[bytes], language: Language, deadline: float) -> FileChunks:
    """Cut a file with the function of a plugin.

    Raises:
        PluginFailed: the function raised, took too long, or what it gave does not describe the file.
    """
    assert language.cut is not None
    try:
        cut = language.cut(source.data, list(lines))
        if thread_time() > deadline:
            raise Bad("took too long")
        return _checked(cut, lines, language)
    except (KeyboardInterrupt, MemoryError, GeneratorExit):
        raise
    except BaseException as error:
        reason = str(error) if isinstance(error, Bad) else type(error).__name__
        raise PluginFailed(f"plugin {language.name} failed: {reason}") from error


def _words(made: LanguagePlugin, plugin: Plugin) -> list[tuple[str, str]]:
    if not _NAME.fullmatch(plugin.name):
        raise Bad("the name of a language is a lower-case word such as 'toy'")
    found = [("language", plugin.name)]
    for kind, words in (("extension", made.extensions), ("filename", made.filenames), ("shebang", made.shebangs)):
        for word in words if isinstance(words, tuple | list) else (words,):
            if not isinstance(word, str) or not _WORD.fullmatch(word) or word.startswith("."):
                raise Bad(f"{kind} {word!r} is none")
            found.append((kind, word.lower()))
    if len(found) == 1:
        raise Bad("no extension, file name or shebang tells the language")
    return found


def _has_one_way(made: LanguagePlugin) -> None:
    if (made.cut is None) == (not made.grammar):
        raise Bad("a language is cut by a function or by a grammar, one of them")
    if made.cut is not None and not callable(made.cut):
        raise Bad("cut is no function")
    if made.grammar:
        from engine.chunk.grammars import grammar
        from engine.chunk.languages import Language

        if not made.query:
            raise Bad("a grammar needs a query")
        grammar(Language("probe", "code", made.grammar, query_text=made.query))


def _checked(cut: object, lines: list[bytes], language: Language) -> FileChunks:
    if not isinstance(cut, Cut):
        raise Bad(f"gave {type(cut).__name__}, no Cut")
    roles = bytes(cut.roles)
    if len(roles) != len(lines):
        raise Bad("gave other than one role per line")
    if roles.translate(None, _ROLES):
        raise Bad("gave a role that there is none of")
    spans: list[Span] = []
    row = 0
    for index, span in enumerate(cut.spans):
        if not isinstance(span, Span) or span.start != row or not row < span.end <= len(lines):
            raise Bad("gave spans that do not tile the lines")
        if not -1 <= span.parent < index:
            raise Bad("gave a span whose parent is not before it")
        if span.kind not in KINDS:
            raise Bad("gave a span of an unknown kind")
        spans.append(Span(span.kind, _clean(span.symbol), span.parent, row, span.end, Trait(span.traits)))
        row = span.end
    if row != len(lines):
        raise Bad("gave spans that do not tile the lines")
    return FileChunks(language.name, "tree", "", spans, roles, _names(cut.defines, len(spans)))


def _names(defines: Sequence[Sequence[str]], spans: int) -> list[list[str]]:
    if not defines:
        return [[] for _ in range(spans)]
    if len(defines) != spans:
        raise Bad("gave names for other than its spans")
    return [[name for name in map(_clean, names) if name][:_MOST_NAMES] for names in defines]


def _clean(name: object) -> str:
    if not isinstance(name, str):
        raise Bad("gave a name that is no text")
    text = name.encode("utf-8", "replace").decode()
    return "".join(character for character in text if character.isprintable())[:_LONGEST_NAME]
