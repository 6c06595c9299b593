"""Sum up what a running scan finds, for the tree and the bar to fill."""

from __future__ import annotations

from collections import Counter

from engine.events import FilesFound
from engine.model import ChunkClass
from tui.state import Found


class Gathered:
    """Adds batches up; belongs to the engine's thread."""

    def __init__(self) -> None:
        self._files = self._tokens = 0
        self._classes: Counter[ChunkClass] = Counter()
        self._folders: Counter[str] = Counter()
        self.is_new = False
        """Whether something came since ``found`` was asked last."""

    def add(self, event: FilesFound) -> None:
        """Take a batch of files."""
        for file in event.files:
            tokens = sum(file.tokens.values())
            top, slash, _ = file.path.partition("/")
            self._files += 1
            self._tokens += tokens
            self._classes.update(file.tokens)
            self._folders[top + slash] += tokens
        self.is_new = True

    def found(self) -> Found:
        """Everything so far."""
        self.is_new = False
        return Found(self._files, self._tokens, dict(self._classes), dict(self._folders))
