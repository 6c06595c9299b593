"""Which chunks of two packs are the same one."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from engine.model import SourceFile
from engine.render import display_path

Item = Mapping[str, Any]
"""A row of a report's ``items``."""

Pair = tuple[Item | None, Item | None]

_MOST_ALIKE = 300
"""Chunks of one kind and name in a file that are matched by size; the time for it grows with their square or worse."""


def pairs(left: list[Item], right: list[Item], same: bool) -> Iterator[Pair]:
    """Match the chunks of one file, and give those without a match alone."""
    places: dict[tuple[Any, ...], list[Item]] = defaultdict(list)
    for item in right:
        places[_place(item)].append(item)
    was: list[Item] = []
    taken: set[int] = set()
    for item in left:
        here = places[_place(item)]
        if here:
            taken.add(id(here[0]))
            yield item, here.pop(0)
        else:
            was.append(item)
    now = [item for item in right if id(item) not in taken]
    if same:
        yield from ((item, None) for item in was)
        yield from ((None, item) for item in now)
    else:
        yield from _moved(was, now)


def _place(item: Item) -> tuple[Any, ...]:
    return item["start_line"], item["end_line"], item["kind"], item["symbol"]


def _moved(left: list[Item], right: list[Item]) -> Iterator[Pair]:
    """Match chunks of a file that changed: by kind and name, and where those repeat by size, then by order."""
    by_name: dict[tuple[str, str], tuple[list[Item], list[Item]]] = {}
    for side, items in enumerate((left, right)):
        for item in items:
            by_name.setdefault((item["kind"], item["symbol"]), ([], []))[side].append(item)
    for was, now in by_name.values():
        if max(len(was), len(now)) > _MOST_ALIKE:
            yield from zip_longest(was, now)
            continue
        sizes = ([item["tokens_full"] for item in was], [item["tokens_full"] for item in now])
        for _, first, end, other, other_end in difflib.SequenceMatcher(None, *sizes, autojunk=False).get_opcodes():
            yield from zip_longest(was[first:end], now[other:other_end])


def unchanged(left: Iterable[tuple[SourceFile, str]], right: Iterable[tuple[SourceFile, str]]) -> frozenset[str]:
    """Paths, as reports write them, of the files that have the same content in both of two listings.

    Args:
        left: Files with their blob ids.
        right: Files with their blob ids.
    """
    same = {(file.path, blob) for file, blob in left} & {(file.path, blob) for file, blob in right}
    return frozenset(display_path(path) for path, _ in same)
