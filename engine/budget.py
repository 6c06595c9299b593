"""Budgets as people write them: ``32000``, ``32k``, ``1M``, ``40%`` of the window."""

from __future__ import annotations

import re

from engine.errors import UsageError

_FORM = re.compile(r"(?P<number>\d+(?:[_,]\d{3})*(?:\.\d+)?)\s*(?P<unit>[kKmM%]?)")
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_LONGEST = 24
"""Characters of a budget; longer ones are slips, which would not even fit a number or a line."""
_UNNAMED = ("", "flag", "default")
"""Origins that whoever reads an error sees in front of them."""


def parse_budget(text: str | int, context_window: int, origin: str = "") -> int:
    """Turn a written budget into tokens.

    Args:
        text: What was written.
        context_window: Window of the model, for percentages and as the limit, in tokens.
        origin: Where it was written, as settings say it; a file or a variable is named in the error.

    Raises:
        UsageError: not a number, zero, negative, over 100 %, or larger than the window.
    """
    try:
        return _parsed(text, context_window)
    except UsageError as error:
        if origin in _UNNAMED:
            raise
        raise UsageError(f"{origin}: {error.message}", error.hint) from error


def _parsed(text: str | int, context_window: int) -> int:
    # Digits of a number too large for any window are not written out: it could have millions of them.
    huge = isinstance(text, int) and abs(text) >= 10**_LONGEST
    written = "" if huge else str(text).strip()
    if huge or len(written) > _LONGEST:
        raise UsageError(
            f"budget '{written[:_LONGEST]}…' is not a number of tokens that a window holds",
            f"use at most {context_window:,}",
        )
    match = _FORM.fullmatch(written)
    if match is None:
        raise UsageError(f"budget '{written}' is not a number of tokens", "write 32000, 32k, 1M or 40% of the window")
    number = float(match["number"].replace(",", "").replace("_", ""))
    unit = match["unit"].lower()
    if unit == "%":
        if number > 100:
            raise UsageError(f"budget '{written}' is more than the window", f"100% is {context_window:,} tokens")
        budget_tokens = int(context_window * number / 100)
    else:
        budget_tokens = round(number * _UNITS[unit])
    if budget_tokens <= 0:
        raise UsageError(f"budget '{written}' leaves no tokens", "write 32000, 32k, 1M or 40% of the window")
    if budget_tokens > context_window:
        raise UsageError(
            f"budget {budget_tokens:,} is larger than the model's window of {context_window:,} tokens",
            f"use at most {context_window:,}, or a model with a larger window (packsight models)",
        )
    return budget_tokens
