"""Reading the patches that git's plumbing writes: names, kinds of change, and where the hunks are.

Lines of hunks are counted, never looked at: what a repository holds cannot pass for a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(rb"@@ -\d+(?:,(?P<removed>\d+))? \+(?P<start>\d+)(?:,(?P<added>\d+))? @@")
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ESCAPE = re.compile(rb'\\(?P<octal>[0-7]{3})|\\(?P<letter>[abtnvfr"\\])')
_LETTERS = dict(zip(b'abtnvfr"\\', (7, 8, 9, 10, 11, 12, 13, 34, 92), strict=True))


@dataclass(slots=True)
class Patched:
    """One file of a patch."""

    path: str
    """Path behind the change; of a deleted file the path it had."""
    old_path: str
    """Path before it."""
    added: bool = False
    deleted: bool = False
    binary: bool = False
    """Git compared no lines."""
    hunks: list[tuple[int, int, int]] = field(default_factory=list)
    """First new line (the one above, where nothing was added), lines added, lines removed."""
    commit: str = ""
    """Id of the commit, where the patch tells those of several."""


def read_patch(data: bytes) -> Iterator[Patched]:
    """Read a patch, or those of several commits, with no lines of context and the prefixes ``a/`` and ``b/``."""
    file: Patched | None = None
    commit = ""
    at, end = 0, len(data)
    while at < end:
        behind = data.find(b"\n", at) + 1 or end
        line = data[at : behind - 1]
        at = behind
        if line.startswith(b"diff --git "):
            if file is not None:
                yield file
            file = _begun(line[11:])
            file.commit = commit
        elif line.startswith(b"* Unmerged path "):
            if file is not None:
                yield file
            name = _plain(line[16:])
            file = Patched(name, name, binary=True)
        elif _COMMIT.fullmatch(line):
            commit = line.decode("ascii")
        elif file is None:
            continue
        elif line.startswith(b"@@ "):
            hunk = _HUNK.match(line)
            if hunk is not None:
                added, removed = (int(hunk[key]) if hunk[key] else 1 for key in ("added", "removed"))
                file.hunks.append((int(hunk["start"]), added, removed))
                at = _behind_lines(data, at, added + removed)
        elif line.startswith(b"rename from "):
            file.old_path = _plain(line[12:])
        elif line.startswith(b"rename to "):
            file.path = _plain(line[10:])
        elif line.startswith(b"new file mode "):
            file.added = True
        elif line.startswith(b"deleted file mode "):
            file.deleted = True
        elif line.startswith(b"Binary files "):
            file.binary = True
    if file is not None:
        yield file


def _behind_lines(data: bytes, at: int, lines: int) -> int:
    while lines:
        # "\\ No newline at end of file" is no line of the file.
        lines -= data[at : at + 1] != b"\\"
        at = data.find(b"\n", at) + 1 or len(data)
        if at == len(data):
            break
    return at


def _begun(names: bytes) -> Patched:
    """Both names are the same, but for renames, whose lines follow: so the middle parts them."""
    name = _plain(names[len(names) // 2 + 1 :], 2)
    return Patched(name, name)


def _plain(name: bytes, prefix: int = 0) -> str:
    """A name as it is, from how git quotes it."""
    if len(name) > 1 and name[:1] == name[-1:] == b'"':
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name[prefix:].decode("utf-8", "surrogateescape")


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found["octal"]:
        return bytes((int(found["octal"], 8) & 0xFF,))
    return bytes((_LETTERS[found["letter"][0]],))
