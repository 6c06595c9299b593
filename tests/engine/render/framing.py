"""Readers of the text formats, written from the framing that the format modules document and nothing else."""

from __future__ import annotations

import json
import re
from html import unescape


def read_xml(text: str) -> dict[str, str]:
    """Content by visible path."""
    files: dict[str, str] = {}
    lines = text.split("\n")
    assert lines.pop() == ""
    at = 0
    while at < len(lines):
        tags = r"pack|changes|directories|files|file(?:-\d+)?"
        opening = re.fullmatch(rf'<({tags})(?: path="([^"]*)")?(?: .*)?>', lines[at])
        assert opening, lines[at]
        tag = opening[1]
        end = lines.index(f"</{tag}>", at)
        if tag.startswith("file") and tag != "files":
            files[unescape(opening[2])] = "".join(line + "\n" for line in lines[at + 1 : end])
        at = end + 1
    return files


def read_markdown(text: str) -> dict[str, str]:
    """Content by visible path, by the fence rules of CommonMark."""
    files: dict[str, str] = {}
    name, fence, body = "", "", list[str]()
    for line in text.split("\n"):
        if fence:
            closing = re.fullmatch(r" {0,3}(`+|~+)[ \t]*", line)
            if closing and closing[1][0] == fence[0] and len(closing[1]) >= len(fence):
                if name:
                    files[name] = "".join(body)
                name, fence, body = "", "", []
            else:
                body.append(line + "\n")
            continue
        opening = re.match(r"(`{3,}|~{3,})[^`]*$", line)
        heading = re.fullmatch(r"## (`+)( ?)(.*?)\2\1( [\d/-]+)?", line)
        if opening:
            fence = opening[1]
        elif heading:
            name = heading[3]
        else:
            heads = ("# Pack", "Levels:", "Coverage:", "## Changes", "## Directories", "## Files", "Legend")
            assert not line or line.startswith(heads), line
    assert not fence
    return files


def read_plain(text: str) -> dict[str, str]:
    """Content by visible path."""
    mark = text.partition(" ")[0]
    files: dict[str, str] = {}
    name = ""
    for line in text.removesuffix("\n").split("\n"):
        head = re.match(rf"{re.escape(mark)} (pack|changes|directories|files|file)\b ?(.*)$", line)
        if head:
            name = re.sub(r" [\d-]+/\d+$", "", head[2]) if head[1] == "file" else ""
            if name.startswith('"'):
                name = name[1:-1].replace('\\"', '"')
            if name:
                files[name] = ""
        elif name:
            files[name] += line + "\n"
    return files


def read_json(text: str) -> dict[str, str]:
    """Content by visible path."""
    return {file["path"]: "".join(chunk["text"] for chunk in file["chunks"]) for file in json.loads(text)["files"]}


READERS = {"xml": read_xml, "markdown": read_markdown, "json": read_json, "plain": read_plain}
