"""Limits as people write them: ``4000``, ``4k``, ``1.5M``, ``5%``, and ``0`` for nothing at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from engine.budget import parse_budget
from engine.errors import UsageError

MOST_TOKENS = 10**12
"""Larger limits are slips."""
_PERCENT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)\s*%")
_ZERO = frozenset({"0", "0k", "0%"})
_HINT = "write 4000, 4k, 1.5M or 5%"
_DIGITS = 2
"""Digits of a limit that is suggested."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tokens at most, or so many percent of something."""

    tokens: int = 0
    """The limit where ``percent`` is None."""
    percent: float | None = None

    def of(self, whole_tokens: int) -> int:
        """The limit in tokens, where 100 % are ``whole_tokens``."""
        return self.tokens if self.percent is None else int(whole_tokens * self.percent / 100)

    def __str__(self) -> str:
        return f"{self.tokens:,} tokens" if self.percent is None else f"{_plain(self.percent)}%"


NO_TOKENS = Limit()
"""Nothing at all."""


def read_limit(written: object) -> Limit:
    """Read a limit.

    Raises:
        UsageError: it is none.
    """
    if isinstance(written, bool) or not isinstance(written, str | int):
        raise UsageError("a limit must be text or a number", _HINT)
    text = str(written).strip() if isinstance(written, str) or abs(written) <= MOST_TOKENS else "…"
    if text in _ZERO:
        return Limit(0)
    if text.endswith("%"):
        found = _PERCENT.fullmatch(text)
        if found:
            return Limit(percent=float(found[1]))
    elif text.isascii():
        try:
            return Limit(parse_budget(text, MOST_TOKENS))
        except UsageError:
            pass
    raise UsageError(f"'{text[:40]}' is not a limit in tokens", _HINT)


def roomier(tokens: int) -> str:
    """The next round limit that holds so many tokens, as people write it."""
    if tokens <= 0:
        return "0"
    step = 10 ** max(0, len(str(tokens)) - _DIGITS)
    rounded = math.ceil(tokens / step) * step
    for unit, factor in (("M", 1_000_000), ("k", 1_000)):
        if rounded >= factor and rounded % (factor // 10) == 0:
            return f"{_plain(rounded / factor)}{unit}"
    return str(rounded)


def roomier_percent(part_tokens: int, whole_tokens: int) -> str:
    """The next round percentage of a whole that holds so many tokens."""
    tenths = math.ceil(part_tokens * 1000 / max(1, whole_tokens))
    while int(whole_tokens * tenths / 1000) < part_tokens and whole_tokens:
        tenths += 1
    return f"{_plain(tenths / 10)}%"


def _plain(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")
