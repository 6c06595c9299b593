"""The person's own keys: ``keymap.toml`` in the configuration folder, binding ids to keys."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from pathlib import Path

from textual.keys import _character_to_key

from engine.config_file import parse_settings, read_limited
from engine.errors import InputError

FILE = "keymap.toml"


def load_keymap(folder: Path, known_ids: Callable[[], Collection[str]]) -> tuple[dict[str, str], list[str]]:
    """Read the keymap.

    Args:
        folder: The configuration folder.
        known_ids: Gives all ids there are; asked only when there is a keymap.

    Returns:
        Keys by binding id (several keys joined by commas), and a line for each entry that cannot be used.
    """
    try:
        raw = read_limited(folder / FILE, follow_links=True)
        if raw is None:
            return {}, []
        table = parse_settings(FILE, raw)
    except InputError as error:
        return {}, [f"{FILE}: {error.message}"]
    keymap, troubles, binding_ids = {}, [], known_ids()
    for name, keys in _flat(table):
        if name not in binding_ids:
            nearest = difflib.get_close_matches(name, binding_ids, 1)
            hint = f"; did you mean '{nearest[0]}'?" if nearest else ""
            troubles.append(f"{FILE}: there is no action '{name[:60]}'{hint}")
        elif not isinstance(keys, str) or not keys.strip():
            troubles.append(f"{FILE}: '{name}' is not a text of keys such as \"ctrl+b,b\"")
        else:
            keymap[name] = ",".join(_key(word) for word in keys.split(",") if word.strip()) or keys
    return keymap, troubles


def _key(word: str) -> str:
    """A key as Textual names it; a sign may stand for itself (``+`` for ``plus``)."""
    word = word.strip()
    return _character_to_key(word) if len(word) == 1 else word


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """``tree.pin = "p"`` is a nested table to TOML."""
    out: list[tuple[str, object]] = []
    for key, value in table.items():
        out += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return out
