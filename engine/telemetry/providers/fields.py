"""Looks into answers that may be objects of an SDK or plain JSON, in either spelling of a name. Nothing here raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum


def get(owner: object, *path: str) -> object:
    """Return what a path of names leads to, None where it ends early. ``camelCase`` is found for ``snake_case``."""
    for name in path:
        owner = _one(owner, name)
        if owner is None:
            return None
    return owner


def text(owner: object, *path: str) -> str:
    """Return a text, the value of an enumeration included; ``""`` for anything else."""
    found = get(owner, *path)
    if isinstance(found, Enum):
        found = found.value
    return found if isinstance(found, str) else ""


def number(owner: object, *path: str) -> int | None:
    """Return a whole number, None for anything else."""
    found = get(owner, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def each(owner: object, *path: str) -> Iterator[object]:
    """Walk a list; nothing where there is none."""
    found = get(owner, *path)
    if isinstance(found, Sequence) and not isinstance(found, str | bytes):
        yield from found


def _one(owner: object, name: str) -> object:
    if isinstance(owner, Mapping):
        found = owner.get(name)
        return found if found is not None else owner.get(_camel(name))
    try:
        return getattr(owner, name, None)
    except Exception:  # a property of somebody's class
        return None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
