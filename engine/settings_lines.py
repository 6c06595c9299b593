"""Where in a settings text something is wrong: errors that name origin, line, key and the nearest valid key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import InputError, UsageError
from engine.tuning import check, read_table

PACK_KEYS = frozenset({"weights", "shares", "max_level", "pins", "excludes"})
"""Keys of the ``pack`` table."""

_PARTS = PACK_KEYS - {"excludes"}


def check_pack(pack: Mapping[str, Any], where: Where) -> None:
    """Read the ``pack`` table key by key, so that the error can name the line.

    Raises:
        InputError: a key is unknown, or a value is none.
    """
    for key, value in pack.items():
        where.require(key, sorted(PACK_KEYS), ("pack",))
        pieces = [(name, {name: one}) for name, one in value.items()] if _is_part(key, value) else [("", value)]
        for name, piece in pieces:
            try:
                read_table({key: piece})
            except UsageError as error:
                keys = ("pack", key, name) if name else ("pack", key)
                raise where.error(keys, error.message, error.hint) from error
    try:
        check(read_table(pack))
    except UsageError as error:
        raise where.error(("pack", "shares"), error.message, error.hint) from error


def _is_part(key: str, value: object) -> bool:
    return key in _PARTS and isinstance(value, Mapping)


class Where:
    """Finds the line of a key, for messages."""

    def __init__(self, origin: str, text: str) -> None:
        self._origin = origin
        self._text = text
        self._lines: dict[tuple[str, ...], int] = {}

    def require(self, key: str, known: Sequence[str], above: tuple[str, ...]) -> None:
        """Refuse an unknown key."""
        if key in known:
            return
        dotted = ".".join((*above, key[:80]))
        nearest = ".".join((*above, difflib.get_close_matches(key[:40], known, 1, 0.0)[0]))
        raise self.error((*above, key), f"unknown key '{dotted}'", f"did you mean '{nearest}'?")

    def error(self, keys: tuple[str, ...], message: str, hint: str = "") -> InputError:
        """The error for a key, with its line where it can be found."""
        number = self.line(keys)
        return InputError(f"{self._origin}{f', line {number}' if number else ''}: {message}", hint)

    def line(self, keys: tuple[str, ...]) -> int:
        """Line that sets a key or opens its table, else of what is next above it; 0 when none has a line of its own."""
        if not self._lines:
            header: tuple[str, ...] = ()
            for number, line in enumerate(self._text.splitlines(), 1):
                if line.lstrip().startswith("["):
                    header = found = _keys(line)
                else:
                    found = (*header, *_keys(line.partition("=")[0] + "= 0")) if "=" in line else ()
                self._lines.setdefault(found, number)
        for depth in range(len(keys), 0, -1):
            if keys[:depth] in self._lines:
                return self._lines[keys[:depth]]
        return 0


def tables_of(text: str, name: str) -> list[str]:
    """For each ``[[name]]`` table of a list, the text with all else blanked, so that lines stay where they are."""
    lines, owners, at, inside = text.splitlines(), [], -1, False
    for line in lines:
        if line.lstrip().startswith("["):
            keys = _keys(line)
            at += keys == (name,)
            inside = keys[:1] == (name,)
        owners.append(at if inside else -1)
    found = [[""] * len(lines) for _ in range(at + 1)]
    for number, (line, owner) in enumerate(zip(lines, owners, strict=True)):
        if owner >= 0:
            found[owner][number] = line
    return ["\n".join(one) for one in found]


def _keys(line: str) -> tuple[str, ...]:
    """Key or table name that one line of TOML gives."""
    try:
        table: Any = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    keys: list[str] = []
    while isinstance(table, dict) and len(table) == 1:
        key, table = next(iter(table.items()))
        keys.append(key)
    return tuple(keys)
