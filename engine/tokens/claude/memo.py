"""A memory of costs that cannot grow without end."""

from __future__ import annotations

from collections.abc import Callable


class Memo(dict[str, int]):
    """Remembers ``cost(key)`` for short keys; looking up a missing key computes it.

    A plain ``dict`` with ``__missing__``, so that a lookup of a known key never enters Python code.

    Args:
        cost: computes the value of a key.
        limit: entries at which everything is forgotten; what is common comes back at once.
        longest_key: characters up to which a key is remembered.
    """

    __slots__ = ("_cost", "_limit", "_longest_key")

    def __init__(self, cost: Callable[[str], int], limit: int, longest_key: int) -> None:
        super().__init__()
        self._cost = cost
        self._limit = limit
        self._longest_key = longest_key

    def __missing__(self, key: str) -> int:
        value = self._cost(key)
        if len(key) <= self._longest_key:
            if len(self) >= self._limit:
                self.clear()
            self[key] = value
        return value
