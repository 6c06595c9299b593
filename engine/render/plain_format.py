"""The ``plain`` format: sections behind a delimiter that starts no other line of the pack.

Framing, for readers: the first line is ``<delimiter> pack …``; a section runs from a line that starts with the
delimiter and ``pack``, ``changes``, ``directories``, ``files`` or ``file`` to the next such line. The delimiter is
``@@@``, or ``@@@2``, ``@@@3`` … where text starts a line with it. Paths with spaces stand in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.render.document import BELOW, Document, FileSection
from engine.visible import quoted

_MARK = "@@@"
_TAKEN = re.compile(rf"^\s*{_MARK}(\d*)", re.MULTILINE)


def delimiter_for(bodies: Iterable[str]) -> str:
    """Choose the shortest delimiter that starts no line of the given texts."""
    taken = {number for body in bodies if _MARK in body for number in _TAKEN.findall(body)}
    if "" not in taken:
        return _MARK
    number = 2
    while str(number) in taken:
        number += 1
    return f"{_MARK}{number}"


def header(path: str, language: str, span: str) -> str:
    """What stands around a file's text, for counting. ``path`` is visible already."""
    return f"{_MARK} file {path}{' ' + span if span else ''}\n"


def write(document: Document) -> str:
    """Write a whole pack."""
    bodies = ["".join(part.text + part.note for part in file.parts) for file in document.files]
    tree = "".join(line + "\n" for line in document.tree)
    short = "".join(line + "\n" for line in document.lines)
    changes, directories = ("".join(line + "\n" for line in told) for told in (document.notes, document.directories))
    mark = delimiter_for((tree, short, changes, directories, *bodies))
    part = f"part {document.part}" if document.part else ""
    head = " ".join(word for word in (mark, "pack", document.title, document.revision, part) if word)
    coverage = f"{document.coverage}\n" if document.coverage else ""
    out = [f"{head}\n{document.legend}\n{coverage}{tree}"]
    for name, told in (("changes", changes), ("directories", directories)):
        if told:
            out.append(f"{mark} {name}\n{told}")
    if short:
        out.append(f"{mark} files\n{short}")
    files = [section(file, body, mark) for file, body in zip(document.files, bodies, strict=True)]
    if document.stable:
        title = " ".join(word for word in (mark, "pack", document.title) if word)
        return "".join([f"{title}\n{BELOW}\n", *files, *out])
    return "".join([*out, *files])


def entry(text: str) -> str:
    """Lines of the tree stand as they are."""
    return text


def section(file: FileSection, body: str, mark: str = _MARK) -> str:
    """Write one file."""
    return f"{mark} file {quoted(file.path)}{' ' + file.span if file.span else ''}\n{body}"
