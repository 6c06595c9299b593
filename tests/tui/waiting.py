"""The only way tests of the app wait: on a condition, with words for when it never comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

LIMIT_S = 30.0
"""Far beyond what anything takes; a condition that is not true by then never will be."""


async def wait_for(pilot: Pilot[Any], condition: Callable[[], object], description: str) -> None:
    """Let the app work until a condition holds.

    Raises:
        AssertionError: it never does; says what was waited for.
    """
    until_s = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < until_s, f"never came: {description}"
        await pilot.pause()
        await asyncio.sleep(0.002)


def wait_until(condition: Callable[[], object], description: str) -> None:
    """Wait for another thread where there is no app.

    Raises:
        AssertionError: the condition never holds.
    """
    until_s = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < until_s, f"never came: {description}"
        time.sleep(0.001)
