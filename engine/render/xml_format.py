"""The ``xml`` format: elements whose content is verbatim, for models that were trained on tags.

Framing, for readers: an opening tag stands alone on its line; its content runs to the first line that is exactly the
closing tag of the same name. Text is not entity-escaped; a file whose text holds ``</file`` gets a tag name that its
text does not close (``file-2`` …). Names of files are escaped wherever they stand.
"""

from __future__ import annotations

import re
from html import escape

from engine.render.document import Document, FileSection

_CLOSING = re.compile(r"<\s*/\s*(file(?:-\d+)?)(?![\w.:-])", re.IGNORECASE)


def tag_for(body: str) -> str:
    """Choose the shortest tag name that nothing in ``body`` closes."""
    if "/" not in body:
        return "file"
    taken = {name.lower() for name in _CLOSING.findall(body)}
    if "file" not in taken:
        return "file"
    number = 2
    while f"file-{number}" in taken:
        number += 1
    return f"file-{number}"


def header(path: str, language: str, span: str) -> str:
    """What stands around a file's text, for counting. ``path`` is visible already."""
    return _opening("file", path, span) + "</file>\n"


def section(file: FileSection, path: str) -> str:
    """Write one file; ``path`` is its visible form."""
    body = "".join(part.text + part.note for part in file.parts)
    tag = tag_for(body)
    return f"{_opening(tag, path, file.span)}{body}</{tag}>\n"


def top(document: Document) -> str:
    """Write head, legend, coverage, tree, what changed, directories and one-line files."""
    revision = f' revision="{escape(document.revision)}"' if document.revision else ""
    part = f' part="{document.part}"' if document.part else ""
    lines = [f'<pack root="{escape(document.title)}"{revision}{part}>', document.legend]
    if document.coverage:
        lines.append(document.coverage)
    lines += [escape(line, quote=False) for line in document.tree]
    lines.append("</pack>")
    for name, told in (("changes", document.notes), ("directories", document.directories)):
        if told:
            lines += [f"<{name}>", *(escape(line, quote=False) for line in told), f"</{name}>"]
    if document.lines:
        lines += ["<files>", *(escape(line, quote=False) for line in document.lines), "</files>"]
    return "\n".join(lines) + "\n"


def entry(text: str) -> str:
    """Escape a line of the tree or of the one-line files."""
    return escape(text, quote=False)


def _opening(tag: str, path: str, span: str) -> str:
    lines = f' lines="{span}"' if span else ""
    return f'<{tag} path="{escape(path)}"{lines}>\n'
