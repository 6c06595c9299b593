"""Which plugins are installed: the entry points of all distributions, read without importing anything.

``importlib.metadata`` answers the same in ten times the time, after an import that takes longer than a warm scan may.
The format is that of https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

from engine.plugins.found import GROUPS, Plugin
from engine.plugins.places import places

_MARK = b"packsight."
_MOST_BYTES = 1 << 20
"""Entry points of a distribution longer than this are nobody's."""
_SECTION = re.compile(r"\[\s*([^\]]+?)\s*\]$")
_ENTRY = re.compile(r"([A-Za-z0-9][\w.+-]{0,59})\s*=\s*([A-Za-z_][\w.]*)\s*(?::\s*([A-Za-z_][\w.]*)\s*)?(?:\[.*\])?$")
_FOLDER = re.compile(r"(.+?)-([^-]+)\.dist-info$")


@cache
def installed(group: str = "") -> tuple[Plugin, ...]:
    """Plugins of a group, or of all groups, in the order of the search path and then of their distributions.

    Looked up once per process.
    """
    if group:
        return tuple(plugin for plugin in installed() if plugin.group == group)
    found: dict[tuple[str, str, str], Plugin] = {}
    for place in places():
        for plugin in _of_folder(place):
            # The same distribution further back on the path is shadowed by this one.
            found.setdefault((plugin.group, plugin.name, plugin.distribution.lower()), plugin)
    return tuple(found.values())


def named(group: str, name: str) -> Plugin | None:
    """The first plugin of a group with a name."""
    return next((plugin for plugin in installed(group) if plugin.name == name), None)


def _of_folder(place: str) -> Iterator[Plugin]:
    try:
        with os.scandir(place) as entries:
            folders = sorted(entry.name for entry in entries if entry.name.endswith(".dist-info"))
    except OSError:
        return
    for folder in folders:
        try:
            with open(f"{place}/{folder}/entry_points.txt", "rb") as file:
                data = file.read(_MOST_BYTES)
        except OSError:
            continue
        if _MARK in data and (who := _FOLDER.match(folder)):
            yield from _entries(data.decode("utf-8", "replace"), who[1].replace("_", "-"), who[2], place)


def _entries(text: str, distribution: str, version: str, place: str) -> Iterator[Plugin]:
    group = ""
    for line in map(str.strip, text.splitlines()):
        section = _SECTION.match(line)
        if section:
            group = section[1]
        elif group in GROUPS and (entry := _ENTRY.match(line)):
            value = f"{entry[2]}:{entry[3]}" if entry[3] else entry[2]
            yield Plugin(group, entry[1], value, distribution, version, place)
