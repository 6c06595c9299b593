"""How many tokens a text has up to any place in it: the data behind a token ruler."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Ruler:
    """Tokens of one text. Made where the engine is: ``make_ruler(text, live.token_ends(text))``."""

    text: str
    """The text that was counted; a ruler says nothing about another one."""
    ends: Sequence[int]
    """Offset behind each token, ascending."""

    @property
    def total(self) -> int:
        """Tokens of the whole text."""
        return len(self.ends)

    def until(self, offset: int) -> int:
        """Tokens that end at or before an offset."""
        return bisect_right(self.ends, offset)


def make_ruler(text: str, ends: Sequence[int]) -> Ruler:
    """Keep the ends of a text's tokens, eight bytes each.

    Args:
        text: The text.
        ends: Offset behind each of its tokens, ascending, as ``Live.token_ends`` gives them.
    """
    return Ruler(text, array("q", ends))
