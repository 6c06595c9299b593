"""The one way in: text and a language name to spans and roles, within a deadline, never failing."""

from __future__ import annotations

import re
from time import thread_time

from engine.chunk.grammars import TooSlow
from engine.chunk.languages import Language, table
from engine.chunk.lines import chunk_lines, chunk_whole
from engine.chunk.plugged import PluginFailed, cut_by_plugin
from engine.chunk.source import SourceText
from engine.chunk.spans import FileChunks, Trait
from engine.chunk.traits import file_traits

MAX_PARSED_BYTES = 1_000_000
"""A tree takes 20 to 170 times the size of its text."""
MAX_PARSED_LINES = 150_000
"""A megabyte of next to nothing on each line takes seconds to go through line by line, and is no source code."""
_LONG_LINE_BYTES = 5_000
_MARGIN = b" \t-?:"
_MARKERS = re.compile(rb"(?:[-?:][ \t]+){50}")
"""So many in a row open as many levels, wherever on a line they stand."""
_MINIFIED_MEAN_BYTES = 400
_TEXT = Language("text", "lines")


def chunk_source(
    source: SourceText, language: str | None, *, whole: bool = False, deadline_s: float = 1.5
) -> FileChunks:
    """Cut a text into spans that tile its lines, and give every line a role.

    Args:
        source: the decoded text.
        language: a name of the table, or None.
        whole: one span for all of it, with cheap roles (data, generated, vendored and lock files).
        deadline_s: CPU seconds that parsing and querying may take together.
    """
    entry = table().languages.get(language or "", _TEXT)
    lines = source.take_lines()
    traits = file_traits(source.data)
    if whole or not lines:
        return chunk_whole(lines, entry.name, "", traits)
    note = _unfit(source, lines, entry)
    if not note:
        try:
            chunks = _by_strategy(source, lines, entry, thread_time() + deadline_s)
        except (TooSlow, PluginFailed) as failed:
            note = failed.note
        else:
            if traits:
                for span in chunks.spans:
                    span.traits |= traits
            return chunks
    if note == "minified":
        return chunk_whole(lines, entry.name, note, traits | Trait.MINIFIED)
    return chunk_lines(lines, entry.name, note, traits)


def _by_strategy(source: SourceText, lines: list[bytes], language: Language, deadline: float) -> FileChunks:
    strategy = language.strategy
    if strategy == "code":
        from engine.chunk.code import chunk_code

        return chunk_code(source, lines, language, deadline)
    if strategy == "plugin":
        return cut_by_plugin(source, lines, language, deadline)
    if strategy == "config":
        from engine.chunk.config import chunk_config

        return chunk_config(source, lines, language, deadline)
    if strategy == "markdown":
        from engine.chunk.markdown import chunk_markdown

        return chunk_markdown(source, lines, language, deadline)
    if strategy == "rst":
        from engine.chunk.rst import chunk_rst

        return chunk_rst(lines, language.name)
    if strategy in ("ini", "text"):
        from engine.chunk import plain

        return (plain.chunk_ini if strategy == "ini" else plain.chunk_text)(lines, language.name)
    return chunk_lines(lines, language.name, "" if strategy == "data" else "no grammar", Trait.NONE)


def _unfit(source: SourceText, lines: list[bytes], language: Language) -> str:
    """Why a text is not parsed, or ``""``."""
    size = len(source.data)
    longest = max(map(len, lines)) if size > _LONG_LINE_BYTES or language.max_margin else 0
    if longest > _LONG_LINE_BYTES and (longest * 3 > size or size > _MINIFIED_MEAN_BYTES * len(lines)):
        return "minified"
    if size > MAX_PARSED_BYTES and language.grammar:
        return "over 1 MB"
    if len(lines) > MAX_PARSED_LINES and language.strategy not in ("data", "lines"):
        return f"over {MAX_PARSED_LINES:,} lines"
    limit = language.max_margin
    if limit and longest > limit:
        deep = any(line[:limit].strip(_MARGIN) == b"" for line in lines if len(line) > limit)
        if deep or _MARKERS.search(source.data):
            return "too deep"
    return ""
