"""Names of buffers: files below the root, links resolved, and texts that have no file yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from engine.visible import display_path
from engine.watch.requests import Refused

UNTITLED = "untitled:"
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Name:
    """What a buffer is called."""

    shown: str
    """As answers and events write it: relative to the root with ``/``, or ``untitled:…``."""
    file: str
    """Path relative to the root, or empty for an untitled text."""


class Fence:
    """Knows what is below one root."""

    def __init__(self, root: Path) -> None:
        """Args: ``root`` exists."""
        self.root = os.path.realpath(root)

    def name(self, written: str) -> Name:
        """Read a name: relative to the root, absolute, a ``file:`` URL, or ``untitled:NAME``; the file need not exist.

        Raises:
            Refused: it is outside the root, git's own, or no name.
        """
        if not written or "\0" in written or len(written) > _LONGEST:
            raise Refused("invalid_params", f"'path' must be a path of 1 to {_LONGEST:,} characters without NUL")
        if written.startswith(UNTITLED):
            return Name(written, "")
        path = _path_of_url(written) if written[:5].lower() == "file:" else written
        try:
            real = os.path.realpath(os.path.join(self.root, path))
            inside = os.path.relpath(real, self.root)
        except (OSError, ValueError):
            raise Refused("invalid_params", f"{display_path(written[:200])} is no path") from None
        parts = inside.split(os.sep)
        if parts[0] == os.pardir or os.path.isabs(inside) or inside == os.curdir:
            hint = f"paths are below {display_path(self.root)}; a text without a file is {UNTITLED}NAME"
            raise Refused("outside_root", f"{display_path(written[:200])} is no file below the root", hint)
        if ".git" in (part.lower() for part in parts):
            raise Refused("outside_root", f"{display_path(written[:200])} belongs to git itself")
        shown = "/".join(parts)
        return Name(shown, shown)


def _path_of_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.netloc.lower() not in ("", "localhost") or not os.path.isabs(path) or "\0" in path:
        raise Refused("invalid_params", f"{display_path(url[:200])} is no file URL of this machine")
    return path
