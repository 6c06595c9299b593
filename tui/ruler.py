"""How many tokens a text has up to each of its lines: the data behind a token ruler."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_MARKS = 200_000
"""Lines that have a count of their own; of longer texts every second, third … line has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Ruler:
    """Counts of one text. Make it where the engine is (``make_ruler(text, live.token_ends(text))``)."""

    text: str
    """The text that was counted."""
    ends: Sequence[int]
    """Offset behind each token, ascending."""
    lines: int
    """Lines of the text, what follows its last line break included."""
    step: int
    """Lines between two counts."""
    counts: npt.NDArray[np.int64]
    """Tokens that end before line ``step``, ``2 * step`` …; the last one is the whole text."""

    @property
    def total(self) -> int:
        """Tokens of the whole text."""
        return len(self.ends)

    def before(self, line: int) -> int | None:
        """Tokens that end before a line (from 0) begins; None where that was not counted."""
        return 0 if line <= 0 else self.through(line - 1)

    def through(self, line: int) -> int | None:
        """Tokens up to the end of a line (from 0), its line break included; None where that was not counted."""
        if line + 1 >= self.lines:
            return self.total
        return None if (line + 1) % self.step else int(self.counts[(line + 1) // self.step - 1])


def make_ruler(text: str, ends: Sequence[int], most_marks: int = MOST_MARKS) -> Ruler:
    """Count the tokens up to each line, in one pass.

    Args:
        text: The text.
        ends: Offset behind each of its tokens, ascending, as ``Live.token_ends`` gives them.
        most_marks: Counts that are kept at most.
    """
    kept = array("q", ends)
    lengths = np.fromiter((len(line) + 1 for line in text.split("\n")), dtype=np.int64)
    behind = np.minimum(np.cumsum(lengths), len(text))
    step = max(1, -(-len(behind) // max(1, most_marks)))
    marks = np.append(behind[step - 1 : -1 : step], behind[-1]) if step > 1 else behind
    return Ruler(
        text, kept, len(behind), step, np.searchsorted(np.frombuffer(kept, dtype=np.int64), marks, side="right")
    )
