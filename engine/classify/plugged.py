"""Class rules of plugins: entry points of ``packsight.class_rules``.

An entry point names a list of rules, or a function that gives one: tables with the keys of ``class_rules`` in a
configuration file. They are tried after the rules of the configuration and before those that ship.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from engine.classify.schema import Rule, parse_rules
from engine.errors import InputError
from engine.plugins import Bad, Plugin, sound

GROUP = "packsight.class_rules"
_MOST_RULES = 500


def rules() -> tuple[list[Rule], bytes]:
    """Rules of plugins in the order they are tried, and what tells them from others."""
    found: list[Rule] = []
    written = b""
    for _, (own, text) in sound(GROUP, _checked):
        found += own
        written += text
    return found, written


def _checked(made: object, plugin: Plugin) -> tuple[list[Rule], bytes]:
    tables = made() if callable(made) else made
    if not isinstance(tables, Iterable) or isinstance(tables, str | bytes | Mapping):
        raise Bad(f"{plugin.value} is no list of rules")
    named = [_named(table, number, plugin.name) for number, table in enumerate(tables, 1) if number <= _MOST_RULES + 1]
    if not 0 < len(named) <= _MOST_RULES:
        raise Bad(f"{plugin.value} has {len(named) or 'no'} rules; 1 to {_MOST_RULES} are")
    try:
        return parse_rules(named, "rules", prefix=plugin.name), _written(named)
    except InputError as error:
        raise Bad(f"{error.message}; {error.hint}" if error.hint else error.message) from error


def _named(table: object, number: int, name: str) -> Mapping[str, object]:
    """A rule under the name of its plugin, so that no two rules of different plugins share an id."""
    if not isinstance(table, Mapping):
        raise Bad(f"rule {number} is no table")
    own = table.get("id")
    return {**table, "id": f"{name}/{own if isinstance(own, str) and own else number}"}


def _written(tables: Sequence[Mapping[str, object]]) -> bytes:
    return json.dumps(tables, sort_keys=True, default=str).encode()
