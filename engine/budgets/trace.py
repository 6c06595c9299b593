"""One step of a decision, as it is shown, stored and tested."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """A rule that looked at a number of tokens, and what it made of it."""

    rule: str
    """Name of the rule, stable across versions: ``category_base``, ``conditional_floor``, ``hard_cap``, …"""
    before: int | None
    """Tokens before the rule; None where there was no number yet."""
    after: int | None
    """Tokens after it; equal to ``before`` when the rule left the number alone."""
    why: str
    """The reason in words, with the figures it rests on."""
