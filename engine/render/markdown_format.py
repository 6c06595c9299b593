"""The ``markdown`` format: a heading and a fence per file.

Framing, for readers: a fence is longer than every run of its character in the text it holds, so nothing in the text can
close it, at any indentation. Names stand in code spans whose delimiters are longer than any run of backticks in them.
"""

from __future__ import annotations

import re

from engine.render.document import Document, FileSection

_BACKTICKS = re.compile("`{3,}")
_TILDES = re.compile("~{3,}")
_SPAN_TICKS = re.compile("`+")
_INFO = re.compile(r"[^a-z0-9+#.-]+")


def fence_for(body: str) -> str:
    """Choose the shortest fence that ``body`` cannot close; backticks when tildes are no shorter."""
    ticks = max((len(run) for run in _BACKTICKS.findall(body)), default=2) + 1
    if ticks == 3:
        return "```"
    tildes = max((len(run) for run in _TILDES.findall(body)), default=2) + 1
    return "~" * tildes if tildes < ticks else "`" * ticks


def code_span(text: str) -> str:
    """Put text into a code span that it cannot close."""
    runs = {len(run) for run in _SPAN_TICKS.findall(text)}
    ticks = 1
    while ticks in runs:
        ticks += 1
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{'`' * ticks}{pad}{text}{pad}{'`' * ticks}"


def header(path: str, language: str, span: str) -> str:
    """What stands around a file's text, for counting. ``path`` is visible already."""
    return f"{_heading(path, span)}```{_info(language)}\n```\n"


def section(file: FileSection, path: str) -> str:
    """Write one file; ``path`` is its visible form."""
    body = "".join(part.text + part.note for part in file.parts)
    return f"{_heading(path, file.span)}{_fenced(body, _info(file.language))}"


def top(document: Document) -> str:
    """Write head, legend, what is told of what, tree, directories and one-line files."""
    revision = f" {code_span(document.revision)}" if document.revision else ""
    name = f" {code_span(document.title)}" if document.title else ""
    part = f", part {document.part}" if document.part else ""
    out = [f"# Pack{name}{revision}{part}\n", document.legend + "\n"]
    if document.coverage:
        out.append(document.coverage + "\n")
    if document.notes:
        out.append("## Changes\n" + _fenced("".join(line + "\n" for line in document.notes), ""))
    if document.tree:
        out.append(_fenced("".join(line + "\n" for line in document.tree), ""))
    if document.directories:
        out.append("## Directories\n" + _fenced("".join(line + "\n" for line in document.directories), ""))
    if document.lines:
        out.append("## Files\n" + _fenced("".join(line + "\n" for line in document.lines), ""))
    return "".join(out)


def entry(text: str) -> str:
    """Lines of the tree stand in a fence as they are."""
    return text


def _heading(path: str, span: str) -> str:
    return f"## {code_span(path)}{' ' + span if span else ''}\n"


def _info(language: str) -> str:
    name = _INFO.sub("", language.lower())
    return "" if name == "text" else name


def _fenced(body: str, info: str) -> str:
    fence = fence_for(body)
    return f"{fence}{info}\n{body}{fence}\n"
