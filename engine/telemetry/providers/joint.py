"""Where a continued answer meets its beginning: blanks that were cut off before sending may come a second time."""

from __future__ import annotations


class Joint:
    """Takes the pieces of a continuation and leaves out the blanks that the beginning already ends in."""

    def __init__(self, begun: str) -> None:
        self._blanks = begun[len(begun.rstrip()) :]
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take a piece; returns what is new of everything taken so far."""
        if not self._blanks:
            return piece
        self._held += piece
        if len(self._held) < len(self._blanks) and self._blanks.startswith(self._held):
            return ""
        new, self._blanks = self._held.removeprefix(self._blanks), ""
        return new
