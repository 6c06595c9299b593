"""What every tokenizer can do. One module per family implements it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.model import Method


class Tokenizer(Protocol):
    """Counts the tokens of text for one encoding. Safe for any input: no crash, no hang, bounded memory."""

    encoding: str
    """Name of the vocabulary, e.g. ``o200k_base``, ``claude-4.7``."""
    method: Method
    """How far the counts can be trusted."""
    error_band: tuple[float, float]
    """Relative band of the true count around ours, e.g. ``(-0.08, 0.12)``; ``(0.0, 0.0)`` when exact."""

    def count(self, text: str) -> int:
        """Count the tokens of ``text`` as user content; special-token literals are plain text."""
        ...

    def count_many(self, texts: Sequence[str]) -> list[int]:
        """Count each text on its own."""
        ...

    def count_parts(self, parts: Sequence[str]) -> list[int]:
        """Share out the count of ``"".join(parts)`` over the parts: the sum is exactly that count.

        Each part's number is what it adds behind the parts before it, so that it is also a good estimate for the
        part standing elsewhere at a line start.
        """
        ...
