"""The ``json`` format: one object on as few characters as possible, text in ``files[].chunks[].text``.

Every chunk says its lines and level, so no gap lines and no capsule lines are needed. Neighbouring chunks of one level
(0-2) are joined. Keys: ``root``, ``revision``, ``part``, ``legend``, ``coverage``, ``notes`` [line],
``tree`` [line], ``directories`` [line], ``lines`` [line],
``files`` [{``path``, ``lines``, ``chunks`` [{``lines``, ``level``, ``text``}]}].
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from engine.render.document import Document, FileSection, Part

_JOINED_LEVELS = (0, 1, 2)


def encoded(text: str) -> str:
    """A text as it stands inside the JSON, without the quotes: what has to be counted."""
    return _dumps(text)[1:-1]


def header(path: str, language: str, span: str) -> str:
    """What stands around a file's chunks, for counting. ``path`` is visible already."""
    return _dumps({"path": path, "lines": span, "chunks": []} if span else {"path": path, "chunks": []}) + ","


def chunk_frame() -> str:
    """What stands around a chunk's text, for counting."""
    return _dumps({"lines": "1288-1340", "level": 0, "text": ""}) + ","


def section(file: FileSection, path: str) -> str:
    """Write one file; ``path`` is its visible form."""
    return _dumps(_file(file, path))


def entry(text: str) -> str:
    """A line of the tree or of the one-line files, as it stands in its string."""
    return encoded(text)


def write(document: Document, paths: Iterable[str]) -> str:
    """Write a whole pack; ``paths`` are the visible forms of the files' paths."""
    body: dict[str, object] = {"root": document.title}
    files = [_file(file, path) for file, path in zip(document.files, paths, strict=True)]
    if document.stable:
        body["files"] = files
    if document.revision:
        body["revision"] = document.revision
    body["legend"] = document.legend
    if document.part:
        body["part"] = document.part
    if document.coverage:
        body["coverage"] = document.coverage
    if document.notes:
        body["notes"] = document.notes
    body["tree"] = document.tree
    if document.directories:
        body["directories"] = document.directories
    if document.lines:
        body["lines"] = document.lines
    if not document.stable:
        body["files"] = files
    return _dumps(body) + "\n"


def _file(file: FileSection, path: str) -> dict[str, object]:
    lines = {"lines": file.span} if file.span else {}
    return {"path": path, **lines, "chunks": _chunks(file.parts)}


def _chunks(parts: Sequence[Part]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    group: list[Part] = []
    for part in (part for part in parts if part.level <= 4):
        joined = (
            group and part.level in _JOINED_LEVELS and part.level == group[-1].level and part.start <= group[-1].end + 1
        )
        if group and not joined:
            out.append(_chunk(group))
            group = []
        group.append(part)
    if group:
        out.append(_chunk(group))
    return out


def _chunk(group: Sequence[Part]) -> dict[str, object]:
    text = "".join(part.text for part in group)
    lines = f"{group[0].start}-{group[-1].end}"
    if group[0].level == 4:
        # The range is in its own key: keep the names alone.
        text = text.split(" ", 2)[-1].rstrip("\n")
    return {"lines": lines, "level": group[0].level, "text": text}


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
