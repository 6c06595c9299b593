"""Budgets as people write them: ``32000``, ``32k``, ``1M``, ``40%`` of the window."""

from __future__ import annotations

import re

from engine.errors import UsageError

_FORM = re.compile(r"(?P<number>\d+(?:[_,]\d{3})*(?:\.\d+)?)\s*(?P<unit>[kKmM%]?)")
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def parse_budget(text: str | int, context_window: int) -> int:
    """Turn a written budget into tokens.

    Args:
        text: What was written.
        context_window: Window of the model, for percentages and as the limit, in tokens.

    Raises:
        UsageError: not a number, zero, negative, over 100 %, or larger than the window.
    """
    written = str(text).strip()
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
