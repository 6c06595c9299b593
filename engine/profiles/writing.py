"""From a profile to TOML text: its own, and merged into a settings file that keeps its other keys and comments."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from engine.errors import InputError
from engine.profiles.profile import Profile
from engine.profiles.reading import TUNED_AT
from engine.profiles.tables import settings_table


def written(profile: Profile) -> str:
    """The profile as TOML; ``read_profile`` gives it back.

    Raises:
        UsageError: a glob has bytes that are no text.
    """
    import tomlkit

    table: dict[str, Any] = {"name": profile.name}
    if profile.tuned_at_revision:
        table[TUNED_AT] = profile.tuned_at_revision
    return tomlkit.dumps(table | settings_table(profile))


def merged_settings(text: str, profile: Profile, origin: str) -> str:
    """The text of a settings file with the profile's keys set; everything else stays as it was written.

    Args:
        text: A settings file, or ``""`` for a new one.
        profile: Its keys win.
        origin: What messages call the file.

    Raises:
        InputError: the file is written in a way that cannot be changed without harm.
        UsageError: a glob has bytes that are no text.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    additions = settings_table(profile)
    wanted = tomllib.loads(text)
    _merge(wanted, additions)
    # Files that write dotted keys have no place for further [tables], but for tables in braces.
    for inline in (False, True):
        with contextlib.suppress(TOMLKitError, KeyError, TypeError, ValueError, AttributeError):
            document = tomlkit.parse(text)
            _merge(document, additions, tomlkit.inline_table if inline else None)
            merged = tomlkit.dumps(document)
            if tomllib.loads(merged) == wanted:
                return merged
    raise InputError(
        f"{origin} is written in a way that cannot be changed in place",
        "export to text and put the keys there by hand",
    )


def _merge(
    into: MutableMapping[str, Any],
    additions: Mapping[str, Any],
    new_table: Callable[[], MutableMapping[str, Any]] | None = None,
    in_order: bool = False,
) -> None:
    for key, value in additions.items():
        below = into.get(key)
        if isinstance(value, Mapping) and isinstance(below, MutableMapping):
            _merge(below, value, new_table, in_order=key == "pins")
            continue
        if key == "excludes" and isinstance(below, list):
            value = list(dict.fromkeys((*below, *value)))
        elif in_order and below != value:
            # Later pins win, so one that changes moves behind the others.
            into.pop(key, None)
        elif isinstance(value, Mapping) and new_table is not None:
            table = new_table()
            _merge(table, value, new_table)
            value = table
        into[key] = value
