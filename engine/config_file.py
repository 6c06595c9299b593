"""Reading one settings file: a hostile or damaged one is a clear error, never a hang or another file's content."""

from __future__ import annotations

import errno
import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.settings_lines import Where, check_pack

MAX_FILE_BYTES = 1_000_000
"""Settings are short; whatever is larger is something else."""

MAX_DOTS = 100
"""Dots of one key. The parser needs time that grows with their square: a megabyte of them would take an hour."""

MAX_NUMBER = 10**12
"""Tokens; larger numbers are slips, and those of thousands of digits cannot even be written out."""

_NUMBER_HINT = 'for instance "32k" or 32000'


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_number(value: object) -> bool:
    number = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
    return number or isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_list_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _is_table_or_tables(value: object) -> bool:
    return _is_table(value) or _is_list_of(_is_table)(value)


def _is_allowing(value: object) -> bool:
    return isinstance(value, dict) and set(value) <= {"allow"} and _is_list_of(_is_text)(value.get("allow", []))


_TEXT = (_is_text, "text", "")
_TOKENS = (_is_text_or_number, "text or number", _NUMBER_HINT)
_GLOBS = (_is_list_of(_is_text), "a list of texts", 'for instance ["docs/", "*.csv"]')

KEYS: Mapping[str, tuple[Callable[[object], bool], str, str]] = {
    "model": _TEXT,
    "budget": _TOKENS,
    "format": _TEXT,
    "profile": _TEXT,
    "db": _TEXT,
    "reserve": _TOKENS,
    "include": _GLOBS,
    "exclude": _GLOBS,
    "submodules": (_is_switch, "true or false", ""),
    "record": (_is_switch, "true or false", ""),
    "pack": (_is_table, "a table", "write [pack] and its keys below it"),
    "check": (_is_table_or_tables, "a table or a list of tables", "write [check] and its keys below it"),
    "secrets": (_is_allowing, "a table with a list of globs", 'for instance [secrets] and below it allow = ["tests/"]'),
    "class_rules": (_is_list_of(_is_table), "a list of tables", "write [[class_rules]] above each rule"),
}
"""Every key with the test of its value, what is expected in words, and an example."""


def read_settings(path: Path, *, follow_links: bool) -> dict[str, Any]:
    """Read and check a settings file; one that does not exist is empty. The value of ``check`` is a ``CheckSettings``.

    Args:
        path: The file.
        follow_links: False where the name was put there by somebody else: a link is then refused.

    Raises:
        InputError: it is no regular file, is too large, is no TOML, or has an unknown key or a wrong value; names the
            line.
    """
    raw = read_limited(path, follow_links=follow_links)
    if raw is None:
        return {}
    table = parse_settings(str(path), raw)
    where = Where(str(path), raw.decode("utf-8"))
    for key, value in table.items():
        where.require(key, tuple(KEYS), ())
        fits, expected, hint = KEYS[key]
        if not fits(value):
            raise where.error((key,), f"'{key}' must be {expected}", hint)
    check_pack(table.get("pack", {}), where)
    if "check" in table:
        from engine.gate.reading import check_settings

        # Rules know their lines, so they are read where the text is at hand.
        table["check"] = check_settings(table["check"], str(path), raw.decode("utf-8"))
    return table


def read_limited(path: Path, *, follow_links: bool) -> bytes | None:
    """Read a short text file that may be hostile: None when there is none.

    Raises:
        InputError: it is no regular file, is too large, or cannot be read.
    """
    try:
        if not follow_links and stat.S_ISLNK(os.lstat(path).st_mode):
            raise InputError(f"{path} is a link", "settings of a repository must be a file of its own")
        # A pipe must not make us wait, and the file may have become a link since.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(path, flags | (0 if follow_links else getattr(os, "O_NOFOLLOW", 0)))
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError(f"{path} is not a regular file", "settings must be a text file")
            with os.fdopen(handle, "rb", closefd=False) as file:
                raw = file.read(MAX_FILE_BYTES + 1)
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = "it is a link" if error.errno == errno.ELOOP else (error.strerror or "it cannot be opened").lower()
        raise InputError(f"{path} cannot be read: {reason}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise InputError(f"{path} is larger than {MAX_FILE_BYTES:,} bytes", "settings must be a short text file")
    return raw


def parse_settings(path: str, raw: bytes) -> dict[str, Any]:
    """Parse TOML in time that its size bounds; ``path`` is what messages call it.

    Raises:
        InputError: it is no TOML.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text", "settings must be a text file") from error
    for number, line in enumerate(text.splitlines(), 1):
        keys = line if line.lstrip().startswith("[") else line.rpartition("=")[0]
        if keys.count(".") > MAX_DOTS:
            raise InputError(f"{path}: line {number} has a key of more than {MAX_DOTS} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    except RecursionError as error:
        raise InputError(f"{path} is not TOML: nested too deeply") from error
    except ValueError as error:
        raise InputError(f"{path} is not TOML: a number has too many digits") from error
