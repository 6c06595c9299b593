"""Answers that were not given whole, kept for a while so that the rest can be asked for."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import InputError, UsageError
from engine.mcp.pages import Part, Position

KEPT_S = 15 * 60
"""How long an answer is kept after it was last asked for, in seconds."""
MOST_ANSWERS = 16
MOST_CHARACTERS = 64_000_000
"""Characters of all kept answers together: their memory, within a factor of four."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that may take several pages."""

    tool: str
    arguments: Mapping[str, Any]
    """What was asked, without ``max_tokens`` and ``continue_from``."""
    model: str
    """Whose tokens its pages are measured in."""
    head: Mapping[str, Any]
    parts: tuple[Part, ...]
    places: tuple[Path, ...]
    """What it was read from: each must still be below a root when it goes on."""
    cursors: dict[str, Position] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Characters, roughly."""
        return sum(len(part.value) if isinstance(part.value, str) else 200 * len(part.value) for part in self.parts)


class Receipts:
    """Gives out cursors, and finds what they stand for. The same cursor gives the same page again."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: OrderedDict[str, tuple[float, Answer]] = OrderedDict()

    def cursor(self, answer: Answer, position: Position) -> str:
        """Make a cursor for the page that begins at a position."""
        key = next((key for key, (_, one) in self._kept.items() if one is answer), "") or secrets.token_hex(6)
        self._kept[key] = (self._now(), answer)
        self._kept.move_to_end(key)
        self._forget()
        known = next((cursor for cursor, at in answer.cursors.items() if at == position), "")
        cursor = known or f"{key}-{secrets.token_hex(4)}"
        answer.cursors[cursor] = position
        return cursor

    def find(self, cursor: str, tool: str, arguments: Mapping[str, Any]) -> tuple[Answer, Position]:
        """Find an answer and where it goes on.

        Args:
            cursor: What a receipt said.
            tool: Which tool is asked.
            arguments: What else was said; nothing, or the same as before.

        Raises:
            InputError: the answer is not kept any more, or never was.
            UsageError: it belongs to another tool, or other arguments are given.
        """
        self._forget()
        key = cursor.partition("-")[0]
        _, answer = self._kept.get(key, (0.0, None))
        if answer is None or cursor not in answer.cursors:
            raise InputError(
                f"nothing goes on from '{cursor[:60]}': the last {MOST_ANSWERS} answers are kept, "
                f"each for {KEPT_S // 60} minutes",
                f"call {tool} again without continue_from",
            )
        if answer.tool != tool:
            raise UsageError(f"'{cursor}' goes on with an answer of {answer.tool}", f"call {answer.tool} with it")
        other = [name for name, value in arguments.items() if answer.arguments.get(name) != value]
        if other:
            raise UsageError(
                f"continue_from goes on with the arguments of its call; {other[0]} is another",
                "leave out all but continue_from and max_tokens",
            )
        self._kept[key] = (self._now(), answer)
        self._kept.move_to_end(key)
        return answer, answer.cursors[cursor]

    def _forget(self) -> None:
        oldest = self._now() - KEPT_S
        for key in [key for key, (used_s, _) in self._kept.items() if used_s < oldest]:
            del self._kept[key]
        while len(self._kept) > 1 and (
            len(self._kept) > MOST_ANSWERS or sum(one.size for _, one in self._kept.values()) > MOST_CHARACTERS
        ):
            self._kept.popitem(last=False)
