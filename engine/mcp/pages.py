"""An answer cut into pages of so many tokens each; the pages, joined, are the answer, character for character."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Count = Callable[[str], int]
"""Tokens of a text."""
Position = tuple[int, int]
"""Index of a part, and how much of it was given; ``(-1, 0)`` is the beginning."""
START: Position = (-1, 0)

_LONG = 400
"""Characters from which a text, list or table may be cut."""
_SMALL = 4_000
"""Characters up to which a part goes before the text of a pack: what an answer is about comes first."""
_CHARACTERS_PER_TOKEN = 16
"""More than any tokenizer makes of prose; a slice beyond that is not even tried."""


class DoesNotFit(Exception):
    """A page would hold nothing."""

    def __init__(self, needed_tokens: int) -> None:
        super().__init__(needed_tokens)
        self.needed_tokens = needed_tokens
        """Tokens of a page that holds the least."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer that may be cut."""

    keys: tuple[str, ...]
    """Where it is in the answer."""
    value: str | list[Any]
    """A text, the items of a list, or the pairs of a table."""
    is_table: bool = False

    @property
    def name(self) -> str:
        """Its keys with dots, as receipts name it."""
        return ".".join(self.keys)

    def slice(self, start: int, end: int) -> Any:
        """What a page holds of it."""
        piece: Any = self.value[start:end]
        return dict(piece) if self.is_table else piece


@dataclass(frozen=True, slots=True)
class Page:
    """One page, not yet with its receipt."""

    data: dict[str, Any]
    parts: list[dict[str, Any]]
    """``name``, ``from``, ``to`` and ``of`` of each part that is not whole in this page."""
    next: Position | None
    """Where the next page begins; None behind the last one."""


def take_apart(data: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Part, ...]]:
    """Tell the short rest of an answer from what may be cut: small parts first, then texts, then long lists."""
    head, parts = _split(data, ())
    return head or {}, tuple(sorted(parts, key=_order))


def cut(head: Mapping[str, Any], parts: tuple[Part, ...], at: Position, limit_tokens: int, measure: Count) -> Page:
    """Fill a page.

    Args:
        head: What the first page begins with.
        parts: What comes after it.
        at: Where the page begins.
        limit_tokens: Tokens that the page may have.
        measure: Tokens of a page written as JSON.

    Raises:
        DoesNotFit: not even the next character or entry fits.
    """
    data: dict[str, Any] = _copy(head) if at == START else {}
    told: list[dict[str, Any]] = []
    first, start = (0, 0) if at == START else at
    used = measure(dump(data))
    if used > limit_tokens:
        raise DoesNotFit(used)
    for index in range(first, len(parts)):
        part, begin = parts[index], start if index == first else 0
        end = _furthest(data, part, begin, limit_tokens, measure)
        whole = end == len(part.value)
        if end == begin:
            if at == (index, begin):
                _put(data, part, begin, begin + 1)
                raise DoesNotFit(measure(dump(data)))
            return Page(data, told, (index, begin))
        _put(data, part, begin, end)
        if begin or not whole:
            told.append({"name": part.name, "from": begin, "to": end, "of": len(part.value)})
        if not whole:
            return Page(data, told, (index, end))
    return Page(data, told, None)


def dump(data: Any) -> str:
    """JSON as it is sent and counted."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _furthest(data: dict[str, Any], part: Part, begin: int, limit_tokens: int, measure: Count) -> int:
    """End of the longest slice that fits; for texts behind a line where there is one."""

    def fits(end: int) -> bool:
        tried = _copy(data)
        _put(tried, part, begin, end)
        return measure(dump(tried)) <= limit_tokens

    low, high = begin, min(len(part.value), begin + limit_tokens * _CHARACTERS_PER_TOKEN)
    if high == begin or fits(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    if isinstance(part.value, str):
        line = part.value.rfind("\n", begin + (low - begin) // 2, low) + 1
        return line if line > begin else low
    return low


def _put(data: dict[str, Any], part: Part, start: int, end: int) -> None:
    at = data
    for key in part.keys[:-1]:
        at = at.setdefault(key, {})
    piece = part.slice(start, end)
    if part.is_table:
        # What was taken out of the table may be back already.
        at.setdefault(part.keys[-1], {}).update(piece)
    else:
        at[part.keys[-1]] = piece


def _split(value: Any, keys: tuple[str, ...]) -> tuple[Any, list[Part]]:
    """Take long leaves out of tables; what a table still holds is a part itself when it is long."""
    if isinstance(value, Mapping):
        kept: dict[str, Any] = {}
        parts: list[Part] = []
        for key, inner in value.items():
            rest, found = _split(inner, (*keys, key))
            parts += found
            if rest is not None or not found:
                kept[key] = rest
        if keys and len(dump(kept)) > _LONG:
            return None, [*parts, Part(keys, list(kept.items()), is_table=True)] if kept else parts
        return (kept if kept or not parts else None), parts
    if isinstance(value, str | list) and keys and len(dump(value)) > _LONG:
        return None, [Part(keys, value)]
    return value, []


def _order(part: Part) -> tuple[int, int, str]:
    size = len(dump(part.value))
    if size <= _SMALL:
        return 0, 0, ""
    return 1 if isinstance(part.value, str) else 2, size, part.name


def _copy(data: Mapping[str, Any]) -> dict[str, Any]:
    """Copy tables, not what is in them."""
    return {key: _copy(value) if isinstance(value, Mapping) else value for key, value in data.items()}
