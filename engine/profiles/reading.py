"""From TOML text to a profile, with an error that names origin, line, key and the nearest valid key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from typing import Any

from engine.config_file import KEYS, PACK_KEYS, parse_settings
from engine.errors import InputError, UsageError
from engine.profiles.profile import Profile, check_name
from engine.profiles.tables import PARTS
from engine.tuning import check, read_table

TUNED_AT = "tuned_at"
"""Key of the revision that a profile was tuned at."""

_OWN_KEYS = ("name", "budget", "reserve", "format", "pack", TUNED_AT)


def read_profile(text: str | bytes, origin: str, name: str = "", fallback: str = "") -> Profile:
    """Read a profile from its own text or from a settings file, whose other keys are checked by name and passed over.

    Args:
        text: TOML.
        origin: What messages call the text.
        name: Name of the profile; by default the one that the text gives.
        fallback: Name where neither says one.

    Raises:
        InputError: the text is no TOML, has an unknown key or a wrong value; names the line.
        UsageError: the name is none.
    """
    source = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    table = parse_settings(origin, source)
    where = _Where(origin, source.decode("utf-8"))
    for key, value in table.items():
        where.require(key, (*_OWN_KEYS, *KEYS), ())
        if key in ("name", TUNED_AT):
            fits, expected, hint = KEYS["format"]
        else:
            fits, expected, hint = KEYS[key]
        if not fits(value):
            raise where.error((key,), f"'{key}' must be {expected}", hint)
    pack = table.get("pack", {})
    _check_pack(pack, where)
    reserve = table.get("reserve")
    if reserve is not None and not (isinstance(reserve, int) and reserve >= 0):
        digits = str(reserve).replace("_", "").replace(",", "").strip()
        if not (digits.isascii() and digits.isdigit()):
            raise where.error(("reserve",), "'reserve' must be a number of tokens", "for instance 8192")
        reserve = int(digits)
    return Profile(
        name=check_name(name or table.get("name", "") or fallback),
        budget=table.get("budget"),
        reserve_tokens=reserve,
        format=table.get("format", ""),
        tuning=read_table(pack),
        tuned_at_revision=table.get(TUNED_AT, ""),
    )


def _check_pack(pack: Mapping[str, Any], where: _Where) -> None:
    """Read the table key by key, so that the error can name the line."""
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
    return key in PARTS and isinstance(value, Mapping)


class _Where:
    """Finds the line of a key, for messages."""

    def __init__(self, origin: str, text: str) -> None:
        self._origin = origin
        self._text = text

    def require(self, key: str, known: tuple[str, ...] | list[str], above: tuple[str, ...]) -> None:
        """Refuse an unknown key."""
        if key in known:
            return
        dotted = ".".join((*above, key[:80]))
        nearest = ".".join((*above, difflib.get_close_matches(key[:40], known, 1, 0.0)[0]))
        raise self.error((*above, key), f"unknown key '{dotted}'", f"did you mean '{nearest}'?")

    def error(self, keys: tuple[str, ...], message: str, hint: str = "") -> InputError:
        """The error for a key, with its line where it can be found."""
        number = self._line(keys)
        return InputError(f"{self._origin}{f', line {number}' if number else ''}: {message}", hint)

    def _line(self, keys: tuple[str, ...]) -> int:
        """Line that sets a key or opens its table, 0 when nothing does so on a line of its own."""
        header: tuple[str, ...] = ()
        best = 0
        for number, line in enumerate(self._text.splitlines(), 1):
            if line.lstrip().startswith("["):
                header = found = _keys(line)
            else:
                found = (*header, *_keys(line.partition("=")[0] + "= 0")) if "=" in line else ()
            if found == keys:
                return number
            if found and found == keys[: len(found)]:
                best = number
        return best


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
