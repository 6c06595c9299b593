"""A format: packs as Org documents. Text stands in source blocks, whose lines Org wants escaped by a comma."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.extending import Document, FileSection, FormatPlugin

_MARK = re.compile(r"^(,*(?:\*|#\+))", re.MULTILINE)


def text(shown: str) -> str:
    """Escape what Org would read as its own."""
    return _MARK.sub(r",\1", shown)


def header(path: str, language: str, span: str) -> str:
    """What stands around a file."""
    return f"* ={path}={' ' + span if span else ''}\n#+begin_src {language}\n#+end_src\n"


def section(file: FileSection, path: str) -> str:
    """One file."""
    body = "".join(text(part.text) + part.note for part in file.parts)
    return f"* ={path}={' ' + file.span if file.span else ''}\n#+begin_src {file.language}\n{body}#+end_src\n"


def write(document: Document, paths: Sequence[str]) -> str:
    """The whole pack."""
    told = (document.legend, document.part, document.coverage, *document.notes, *document.directories)
    lines = [f"#+title: {document.title}", *(line for line in told if line), *document.tree, *document.lines]
    return "\n".join(lines) + "\n" + "".join(map(section, document.files, paths))


ORG = FormatPlugin(write=write, section=section, header=header, text=text)
