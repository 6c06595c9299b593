"""Python blocks of a page, and what the page says that they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block of Python, with the block of output behind it."""

    page: str
    line: int
    code: str
    output: str | None
    """None where the page shows none."""


def examples(page: str) -> list[Example]:
    """Every fenced Python block of a page; a ``text`` block directly behind one is its output."""
    text = (ROOT / page).read_text("utf-8")
    found: list[Example] = []
    blocks = list(_BLOCK.finditer(text))
    for number, block in enumerate(blocks):
        if block[1] != "python":
            continue
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        shown = after[2] if after and after[1] == "text" and not text[block.end() : after.start()].strip() else None
        found.append(Example(page, text.count("\n", 0, block.start()) + 2, block[2], shown))
    return found
