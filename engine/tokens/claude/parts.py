"""The share of each part in the count of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from engine.tokens.claude.marking import Before

_INNER_CUT = re.compile(r"[(,;=.](?=[A-Za-z])")
"""Places inside a line where nothing on one side changes the cost of the other."""
_LONGEST_OPEN = 1024


class Costs(Protocol):
    """What prices normalised text."""

    def cost(self, text: str, before: Before) -> int:
        """Return the tokens of ``text`` behind ``before``."""
        ...


def share_out(
    parts: Sequence[str], total: int, first: Before, costs: Costs, normalized: Callable[[str], str]
) -> list[int]:
    """Return one number per part, none negative, that sum to ``total``.

    The text seen so far is settled up to the last place where no token reaches over; only what lies behind it is
    priced again together with the next part. Work is linear in the text.

    Args:
        parts: the text in pieces, at least one.
        total: tokens of the joined text, at least 0.
        first: what stands before the first part.
        costs: prices normalised text.
        normalized: makes text ready for ``costs``.
    """
    reached: list[int] = []
    settled, open_text, before = 0, "", first
    for part in parts:
        text = normalized(open_text + part)
        cut = _last_cut(text)
        if cut:
            settled += costs.cost(text[:cut], before)
            before = Before.NOTHING
        open_text = text[cut:]
        reached.append(settled + costs.cost(open_text, before))
    # The end of the message and ladders of line feeds can make a longer text cheaper: no part pays less than nothing.
    reached[-1] = total
    for at in range(len(reached) - 2, -1, -1):
        reached[at] = min(reached[at], reached[at + 1])
    return [now - earlier for now, earlier in zip(reached, [0, *reached[:-1]], strict=True)]


def _last_cut(text: str) -> int:
    """Return where the last part of ``text`` begins that may still be joined by what follows."""
    bare = text.rstrip("\n")
    if bare and len(bare) < len(text):
        return len(bare)
    line = bare.rfind("\n") + 1
    if len(text) - line <= _LONGEST_OPEN:
        return line
    cut = line
    for match in _INNER_CUT.finditer(text, line):
        cut = match.end()
    return cut if len(text) - cut <= _LONGEST_OPEN else len(text)
