"""The part of the facade that reads what somebody points at: texts, files, folders, and lines of a file at a level."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.disclosure import GUARDED, Disclosure
from engine.events import Emit, IsCancelled
from engine.model import Model
from engine.request import ScanRequest

if TYPE_CHECKING:
    from engine.store.blobs import BlobCache
    from engine.usecases.places import Place
    from engine.usecases.repository import Repository


class Reading(ABC):
    """Counts and shows; whoever inherits it knows the models and has the cache."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def _blobs(self) -> BlobCache:
        """The cache."""

    def place(self, text: str) -> Place:
        """Read ``PATH`` or ``PATH:A-B``, also as packs write it; says nothing about who may read it.

        Raises:
            UsageError: the path or the range is empty.
        """
        from engine.usecases.places import parse_place

        return parse_place(text)

    def show(
        self,
        place: str | Place,
        level: int,
        model: str,
        rev: str | None = None,
        how: Disclosure = GUARDED,
    ) -> dict[str, Any]:
        """One file, or ``PATH:A-B`` of it, at a level.

        Args:
            place: Where it is, as packs write it.
            level: 0 in full to 4 its outline, 5 its line.
            model: Whose tokens are counted.
            rev: Revision to read instead of the work tree.
            how: What may be seen of secrets and of text that people do not see.

        Raises:
            InputError: no such file.
            UsageError: no such lines.
        """
        from engine.usecases.show import show

        return show(self.place(place) if isinstance(place, str) else place, level, self.model(model), rev, how)

    @abstractmethod
    def repository(self, request: ScanRequest) -> Repository:
        """Open a repository."""

    def secrets(self, request: ScanRequest, allow: Sequence[str] = ()) -> dict[str, Any]:
        """Every secret and hidden character of a repository, as ``secrets`` and ``hidden``: path, line and kind.

        Args:
            request: Which files.
            allow: Path globs of files in which nothing is a secret.

        Raises:
            InputError: no repository, or the model is unknown.
            UsageError: a glob is none.
            Cancelled: on request.
        """
        from engine.usecases.disclosed import find_all

        return find_all(self.repository(request), Disclosure(allow=tuple(allow)), self._emit, self._cancelled)

    def count(
        self, arguments: Sequence[str], models: Sequence[str], stdin: BinaryIO | None = None
    ) -> list[dict[str, Any]]:
        """Count texts, files, folders and stdin (``-``), per model, in the order given.

        Raises:
            InputError: a file cannot be read, or a model is unknown.
        """
        from engine.usecases.count import count_sources, source_of

        sources = [source_of(argument, stdin or sys.stdin.buffer) for argument in arguments]
        known = [self.model(name) for name in models]
        return count_sources(sources, known, self._blobs, self._emit, self._cancelled)

    def count_texts(self, texts: Sequence[str], models: Sequence[str]) -> list[dict[str, Any]]:
        """The same for texts alone: one that is the name of a file is a text all the same.

        Raises:
            InputError: a model is unknown.
        """
        from engine.usecases.count import Source, count_sources

        sources = [Source(text, text=text) for text in texts]
        known = [self.model(name) for name in models]
        return count_sources(sources, known, self._blobs, self._emit, self._cancelled)
