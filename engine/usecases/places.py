"""Places that people name, ``PATH`` or ``PATH:A-B``: reading them, and keeping them inside their repository."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError, UsageError
from engine.render import display_path

_PLACE = re.compile(r"(?P<path>.+?):(?P<start>\d{1,12})(?:-(?P<end>\d{1,12}))?", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:(?P<plain>[\\"])|x(?P<byte>[0-9a-f]{2})|u\{(?P<point>[0-9a-f]{1,6})\})')
_LAST_CODE_POINT = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or some of its lines."""

    path: Path
    start_line: int = 0
    """First line, from 1; 0 for the whole file."""
    end_line: int = 0
    """Last line, inclusive; 0 for the whole file."""


def parse_place(text: str) -> Place:
    """Read ``PATH`` or ``PATH:A-B``; a file whose name ends that way is that file.

    Names may also be written as packs show them (``new\\x0aline.py``), where no file has that very name.

    Raises:
        UsageError: the path or the range is empty.
    """
    if not text:
        raise UsageError("the path is empty", "name a file, or PATH:12-40")
    match = _PLACE.fullmatch(text)
    if match is None or _exists(text):
        return Place(_written(text))
    if _exists(plain := _plain(text)):
        return Place(Path(plain))
    start_line = int(match["start"])
    end_line = int(match["end"] or start_line)
    if start_line < 1 or end_line < start_line:
        raise UsageError(f"lines {match['start']}-{match['end'] or match['start']} are no range", "write PATH:12-40")
    return Place(_written(match["path"]), start_line, end_line)


def require_own(path: Path) -> None:
    """Refuse a path that does not exist, or that links lead out of its repository or into git's own directory.

    The repository is found by the words of the path: links of a repository must not choose it.

    Raises:
        InputError: the path leads elsewhere, or nowhere; names the nearest in its folder.
    """
    if not _exists(path):
        raise _missing(path)
    real, name = os.path.realpath(path), display_path(str(path))
    for root in _roots(os.path.abspath(path)):
        inside = os.path.relpath(real, os.path.realpath(root)).split(os.sep)
        if inside[0] == os.pardir:
            raise InputError(f"{name} leads out of the repository", "links are followed only to files inside it")
        if ".git" in inside:
            raise InputError(f"{name} belongs to git itself, not to the content of the repository")


def _missing(path: Path) -> InputError:
    try:
        names = sorted(entry.name for entry in os.scandir(path.parent) if entry.name != ".git")
    except OSError:
        names = []
    nearest = difflib.get_close_matches(path.name, names, 1)
    hint = f"did you mean {display_path(str(path.parent / nearest[0]))}?" if nearest else ""
    return InputError(f"no such file: {display_path(str(path))}", hint)


def _roots(path: str) -> list[str]:
    """Name the folders that an absolute path must not leave, without letting a link choose them.

    A link of a repository may lead into another repository, so every repository in the words of the path counts.
    """
    here = _current_folder()
    tops = [str(top) for top in Path(path).parents if os.path.lexists(top / ".git")]
    if not here or os.path.commonpath([here, path]) != here:
        return tops or [os.path.dirname(path)]
    above = [top for top in tops if len(top) <= len(here)]
    return [top for top in tops if len(top) > len(here)] + (above[:1] or [here])


def _current_folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        # Somebody removed it under us; absolute paths work all the same.
        return ""


def _written(text: str) -> Path:
    if _exists(text):
        return Path(text)
    plain = _plain(text)
    return Path(plain) if _exists(plain) else Path(text)


def _exists(text: str | Path) -> bool:
    try:
        return os.path.lexists(text)
    except ValueError:
        return False


def _plain(text: str) -> str:
    """Undo ``display_path``."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match["plain"]:
        return match["plain"]
    if match["byte"]:
        code = int(match["byte"], 16)
        # Bytes of names that are not UTF-8 travel as surrogates.
        return chr(code if code < 0x80 else 0xDC00 + code)
    code = int(match["point"], 16)
    return chr(code) if code <= _LAST_CODE_POINT else match.group()
