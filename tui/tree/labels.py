"""Kinds and names of chunks, asked for in bulk when rows become visible, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Label = tuple[str, str]
AskLabels = Callable[[Sequence[int]], Sequence[Label]]
"""Gives (kind, name) of rows of ``columns``; nothing at all when the answer comes later by ``Labels.add``."""


class Labels:
    """A cache; what is not known is asked for once."""

    def __init__(self, ask: AskLabels | None = None) -> None:
        """Start empty."""
        self.ask = ask
        self._known: dict[int, Label] = {}
        self._asked: set[int] = set()
        self._folded: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, rows: Sequence[int], labels: Sequence[Label]) -> None:
        """Learn labels."""
        self._known.update(zip(rows, labels, strict=False))

    def get(self, row: int) -> Label | None:
        """(kind, name) of a row where it is known."""
        return self._known.get(row)

    def load(self, rows: Iterable[int]) -> None:
        """Ask for what was never asked for, all at once."""
        missing = [row for row in rows if row not in self._known and row not in self._asked]
        if missing and self.ask is not None:
            self._asked.update(missing)
            self.add(missing, self.ask(missing))

    def matching(self, words: tuple[str, ...]) -> list[int]:
        """Rows whose known name holds all words (casefolded)."""
        folded = self._folded
        if len(folded) != len(self._known):
            folded.update((row, label[1].casefold()) for row, label in self._known.items() if row not in folded)
        return [row for row, name in folded.items() if name and all(word in name for word in words)]
