"""Where each file begins in the text of a pack, read by the framing that each format documents.

The framing cannot be forged by what stands in the files, so neither can the outline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file in the text of a pack."""

    path: str
    """As the pack writes it: visible text."""
    offset: int
    """Where its header begins in the text."""
    body: int
    """Where its own text begins."""
    end: int
    """Where its own text ends."""


_XML = re.compile(r'^<(file(?:-\d+)?) path="([^"\n]*)"(?: lines="[^"\n]*")?>\n', re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}|~{3,})[^`\n]*\n", re.MULTILINE)
_HEADING = re.compile(r"## (`+)(.+)\1(?: \S+)?\n\Z")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_JSON = re.compile(r'\{"path":(?=")')


def pack_outline(text: str, format_name: str) -> list[PackedFile]:
    """Find the files of a pack, in the order of the text; none for a format that is not known."""
    find = {"xml": _in_xml, "markdown": _in_markdown, "json": _in_json, "plain": _in_plain}.get(format_name)
    return list(find(text)) if find is not None else []


def _in_xml(text: str) -> Iterator[PackedFile]:
    at = 0
    while found := _XML.search(text, at):
        body = found.end()
        at = text.find(f"\n</{found[1]}>\n", body - 1)
        at = len(text) if at < 0 else at + 1
        yield PackedFile(unescape(found[2]), found.start(), body, at)


def _in_markdown(text: str) -> Iterator[PackedFile]:
    at = 0
    while found := _FENCE.search(text, at):
        body = found.end()
        end = text.find(f"\n{found[1]}\n", body - 1)
        end = len(text) if end < 0 else end + 1
        line = text.rfind("\n", 0, max(0, found.start() - 1)) + 1
        if heading := _HEADING.match(text[line : found.start()]):
            name = heading[2]
            padded = len(name) > 2 and name[0] == name[-1] == " "
            yield PackedFile(name[1:-1] if padded else name, line, body, end)
        at = end + len(found[1]) + 1


def _in_plain(text: str) -> Iterator[PackedFile]:
    mark = text.split(" ", 1)[0]
    if not mark or "\n" in mark:
        return
    sections = [*re.finditer(rf"^{re.escape(mark)} (pack|files|file)\b ?(.*)\n", text, re.MULTILINE)]
    for number, found in enumerate(sections):
        if found[1] == "file":
            end = sections[number + 1].start() if number + 1 < len(sections) else len(text)
            quoted = _QUOTED.match(found[2])
            path = quoted[1].replace('\\"', '"') if quoted else found[2].split(" ", 1)[0]
            yield PackedFile(path, found.start(), found.end(), end)


def _in_json(text: str) -> Iterator[PackedFile]:
    # A quote inside a string is escaped, so this begins nothing but an object.
    decoder = json.JSONDecoder()
    found = [*_JSON.finditer(text)]
    for number, start in enumerate(found):
        path, body = decoder.raw_decode(text, start.end())
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield PackedFile(str(path), start.start(), body, end)
