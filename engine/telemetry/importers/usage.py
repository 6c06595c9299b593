"""Token counts of one call, brought to one meaning: the prompt with its cached part, the output with its reasoning.

Programs disagree on whether cached tokens are part of the input and reasoning is part of the output; most also write a
total, and the total tells which it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts as an event holds them; None is not known."""

    prompt: int | None
    """All input, cached included."""
    cached: int | None
    cache_write: int | None
    output: int | None
    """All output, reasoning included."""
    reasoning: int | None


def settle(
    *,
    prompt: int | None,
    output: int | None,
    cached: int | None = None,
    cache_write: int | None = None,
    reasoning: int | None = None,
    total: int | None = None,
    cache_inside: bool = True,
    reasoning_inside: bool = True,
) -> Usage:
    """Return counts with one meaning.

    Args:
        prompt: Input as logged.
        output: Output as logged.
        cached: Input read from a cache.
        cache_write: Input written to a cache.
        reasoning: Output that was reasoning.
        total: Sum as logged; decides when it fits one reading.
        cache_inside: Whether the format means ``prompt`` to include the cached tokens.
        reasoning_inside: Whether the format means ``output`` to include the reasoning.
    """
    cache, thought = (cached or 0) + (cache_write or 0), reasoning or 0
    if prompt is not None and output is not None and total is not None:
        for with_cache, with_thought in _readings(cache_inside, reasoning_inside):
            if prompt + (0 if with_cache else cache) + output + (0 if with_thought else thought) == total:
                cache_inside, reasoning_inside = with_cache, with_thought
                break
    if prompt is not None and (not cache_inside or cache > prompt):
        prompt += cache
    if output is not None and (not reasoning_inside or thought > output):
        output += thought
    return Usage(prompt, cached, cache_write, output, reasoning)


def _readings(cache_inside: bool, reasoning_inside: bool) -> tuple[tuple[bool, bool], ...]:
    """All four, the format's own first."""
    return (
        (cache_inside, reasoning_inside),
        (cache_inside, not reasoning_inside),
        (not cache_inside, reasoning_inside),
        (not cache_inside, not reasoning_inside),
    )
