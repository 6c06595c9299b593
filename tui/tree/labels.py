"""Kinds and names of chunks, asked for in bulk when rows become visible, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from tui.tree.text_index import TextIndex

Rows = npt.NDArray[np.int64]
Label = tuple[str, str]
AT_ONCE = 4_000
"""Names that are asked for together where all are wanted, so that other questions get their turn."""
AskLabels = Callable[[Sequence[int]], Sequence[Label]]
"""Gives (kind, name) of rows of ``columns``; nothing at all when the answer comes later by ``Labels.add``."""


class Labels:
    """A cache; what is not known is asked for once."""

    def __init__(self, ask: AskLabels | None = None) -> None:
        """Start empty."""
        self.ask = ask
        self._known: dict[int, Label] = {}
        self._asked: set[int] = set()
        self._unsearched: list[int] = []
        self._searched: list[tuple[Rows, TextIndex]] = []
        self._wants_all = False

    def __len__(self) -> int:
        return len(self._known)

    def add(self, rows: Sequence[int], labels: Sequence[Label]) -> None:
        """Learn labels."""
        new = {row: label for row, label in zip(rows, labels, strict=False) if row not in self._known}
        self._known.update(new)
        self._unsearched += new

    def get(self, row: int) -> Label | None:
        """(kind, name) of a row where it is known."""
        return self._known.get(row)

    def load(self, rows: Iterable[int]) -> None:
        """Ask for what was never asked for, all at once."""
        missing = [row for row in rows if row not in self._known and row not in self._asked]
        if missing and self.ask is not None:
            self._asked.update(missing)
            self.add(missing, self.ask(missing))

    def load_all(self, rows: int) -> None:
        """Ask for all names there are, because a text is looked for in them; the first time only."""
        if self._wants_all:
            return
        self._wants_all = True
        for first in range(0, rows, AT_ONCE):
            self.load(range(first, min(rows, first + AT_ONCE)))

    def forget_unanswered(self) -> None:
        """Ask again for what was asked for and never came: an answer may have been lost to something more urgent."""
        self._asked.clear()
        self._wants_all = False

    def matching(self, words: tuple[str, ...]) -> Rows:
        """Rows whose known name holds all words (casefolded)."""
        if self._unsearched:
            rows, self._unsearched = self._unsearched, []
            index = TextIndex([self._known[row][1] for row in rows])
            self._searched.append((np.array(rows, np.int64), index))
        found = [rows[index.matching(words)] for rows, index in self._searched]
        return np.concatenate(found) if found else np.empty(0, np.int64)
