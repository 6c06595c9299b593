"""From TOML text to a profile, with an error that names origin, line, key and the nearest valid key."""

from __future__ import annotations

from engine.config_file import KEYS, MAX_NUMBER, parse_settings
from engine.profiles.profile import Profile, check_name
from engine.settings_lines import Where, check_pack
from engine.tuning import read_table

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
    where = Where(origin, source.decode("utf-8"))
    for key, value in table.items():
        where.require(key, (*_OWN_KEYS, *KEYS), ())
        if key in ("name", TUNED_AT):
            fits, expected, hint = KEYS["format"]
        else:
            fits, expected, hint = KEYS[key]
        if not fits(value):
            raise where.error((key,), f"'{key}' must be {expected}", hint)
    pack = table.get("pack", {})
    check_pack(pack, where)
    reserve = table.get("reserve")
    if reserve is not None and not (isinstance(reserve, int) and reserve >= 0):
        digits = str(reserve).replace("_", "").replace(",", "").strip()
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(MAX_NUMBER))
        if not is_number or int(digits) > MAX_NUMBER:
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
