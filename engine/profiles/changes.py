"""Changing a profile by ``KEY=VALUE`` words, the way ``packsight profile set`` takes them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.errors import UsageError
from engine.profiles.profile import Profile
from engine.profiles.tables import PARTS, settings_table
from engine.tuning import check, level_named, read_table

_LONGEST_NUMBER = 24
"""Characters of a number; longer ones are slips."""

_SIMPLE = ("budget", "reserve", "format")
_EXAMPLES = "budget=64k, reserve=8192, weights.tests=0.5, shares.docs=0..20%, max_level.tests=3, pins.src/*.py=0"


def changed(profile: Profile, words: Sequence[str]) -> Profile:
    """Return the profile with each ``KEY=VALUE`` applied in turn.

    Keys are those of a settings file without ``pack.``: ``budget``, ``reserve``, ``format``, ``weights.CLASS``,
    ``shares.CLASS``, ``max_level.CLASS``, ``pins.GLOB``, and ``excludes`` (also ``excludes+=GLOB`` and
    ``excludes-=GLOB``). An empty value takes the key out.

    Raises:
        UsageError: a word is no KEY=VALUE, or names a key, class or value that is none.
    """
    for word in words:
        profile = _apply(profile, word)
    check(profile.tuning)
    return profile


def _apply(profile: Profile, word: str) -> Profile:
    # A glob may hold "=", a value may not.
    key, found, value = word.rpartition("=")
    key, value = key.strip(), value.strip()
    if not found or not key:
        raise UsageError(f"'{word[:80]}' is not KEY=VALUE", f"for instance {_EXAMPLES}")
    part, dot, name = key.partition(".")
    if not dot and key in _SIMPLE:
        return _simple(profile, key, value)
    pack: dict[str, Any] = settings_table(profile).get("pack", {})
    if not dot and key.rstrip("+-") == "excludes":
        pack["excludes"] = _excludes(pack.get("excludes", []), key[len("excludes") :], value)
    elif dot and part in PARTS and name:
        pack[part] = _entry(pack.get(part, {}), part, _unquoted(name), value)
    else:
        raise _unknown(key)
    return replace(profile, tuning=read_table(pack))


def _simple(profile: Profile, key: str, value: str) -> Profile:
    if key == "budget":
        return replace(profile, budget=value or None)
    if key == "format":
        return replace(profile, format=value)
    digits = value.replace(",", "").replace("_", "")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise UsageError(f"reserve '{value[:80]}' is not a number of tokens", "for instance reserve=8192")
    return replace(profile, reserve_tokens=int(digits) if digits else None)


def _entry(entries: dict[str, Any], part: str, name: str, value: str) -> dict[str, Any]:
    # Set anew, an entry stands last: of pins the last that matches counts.
    kept = {key: entry for key, entry in entries.items() if key != (name if part == "pins" else name.lower())}
    if not value:
        return kept
    if part == "weights":
        return kept | {name.lower(): _weight(name, value)}
    if part == "shares":
        return kept | {name.lower(): value}
    return kept | {name if part == "pins" else name.lower(): level_named(value)}


def _weight(name: str, value: str) -> float:
    try:
        return float(value if len(value) <= _LONGEST_NUMBER else "")
    except ValueError:
        raise UsageError(f"the weight of {name[:80]} is no number: '{value[:80]}'", "1 is what code has") from None


def _excludes(globs: list[str], operation: str, value: str) -> list[str]:
    named = [glob.strip() for glob in value.split(",") if glob.strip()]
    if operation == "":
        return named
    if not named or operation not in ("+", "-"):
        raise UsageError("'excludes' takes globs", "excludes=docs/,*.csv, excludes+=docs/ or excludes-=docs/")
    if operation == "+":
        return list(dict.fromkeys((*globs, *named)))
    missing = next((glob for glob in named if glob not in globs), None)
    if missing is not None:
        raise UsageError(f"'{missing}' is not excluded", f"excluded: {', '.join(globs) or 'nothing'}")
    return [glob for glob in globs if glob not in named]


def _unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'" else name


def _unknown(key: str) -> UsageError:
    part = key.partition(".")[0]
    if part in PARTS:
        return UsageError(f"'{key[:80]}' names no {'path' if part == 'pins' else 'class'}", f"for instance {_EXAMPLES}")
    known = [*_SIMPLE, "excludes", *PARTS]
    nearest = difflib.get_close_matches(part[:40], known, 1, 0.0)[0]
    below = ".CLASS" if nearest in PARTS and nearest != "pins" else ".GLOB" if nearest == "pins" else ""
    return UsageError(f"a profile has no key '{key[:80]}'", f"did you mean '{nearest}{below}'?")
