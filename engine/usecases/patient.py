"""Long steps of a pack that stop soon after somebody asks them to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Cancelled
from engine.events import IsCancelled
from engine.scan.texts import RepositoryTexts
from engine.tokens import Tokenizer, count_stream

_FILES_AT_ONCE = 200
"""Files whose details are asked for in one question: some milliseconds."""
_PIECE = 1 << 17
"""Characters counted between two looks: some milliseconds."""


def stop_if(cancelled: IsCancelled) -> None:
    """Stop when somebody asked for it.

    Raises:
        Cancelled: ``cancelled`` says so.
    """
    if cancelled():
        raise Cancelled("interrupted")


class PatientTexts:
    """Implements ``engine.columns.Texts``; every call may raise ``Cancelled``, so that rendering stops with it."""

    def __init__(self, texts: RepositoryTexts, cancelled: IsCancelled) -> None:
        self._texts, self._cancelled = texts, cancelled

    def prefetch(self, files: Sequence[int]) -> None:
        """Fetch what the rendering of files needs."""
        for start in range(0, len(files), _FILES_AT_ONCE):
            stop_if(self._cancelled)
            self._texts.prefetch(files[start : start + _FILES_AT_ONCE])

    def text(self, chunk: int, level: int) -> str:
        """See ``engine.columns.Texts``."""
        stop_if(self._cancelled)
        return self._texts.text(chunk, level)

    def outline(self, chunk: int) -> str:
        """See ``engine.columns.Texts``."""
        return self._texts.outline(chunk)

    def kind(self, chunk: int) -> str:
        """See ``engine.columns.Texts``."""
        return self._texts.kind(chunk)

    def altered(self, chunk: int, level: int) -> frozenset[str]:
        """See ``engine.columns.Texts``."""
        return self._texts.altered(chunk, level)

    def symbol(self, chunk: int) -> str:
        """See ``engine.columns.Texts``."""
        stop_if(self._cancelled)
        return self._texts.symbol(chunk)


def patient_count(counter: Tokenizer, text: str, cancelled: IsCancelled) -> int:
    """Count a finished text: the same number as ``counter.count``.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    stop_if(cancelled)
    if len(text) <= _PIECE:
        return counter.count(text)
    return count_stream(counter, _pieces(text, cancelled))


def _pieces(text: str, cancelled: IsCancelled) -> Iterator[str]:
    for start in range(0, len(text), _PIECE):
        stop_if(cancelled)
        yield text[start : start + _PIECE]
