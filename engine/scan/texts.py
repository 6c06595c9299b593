"""The text of chunks at any level, read from the repository when it is asked for.

Nothing is parsed: the cached edits are applied to the file's bytes, once it is sure that these are the bytes that
were analysed. All text that leaves a scanned repository passes here: secrets are masked as soon as a file is read, and
hidden characters marked, unless a ``Disclosure`` says otherwise.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.chunk import SourceText, decode
from engine.columns import Columns
from engine.disclosure import GUARDED, Disclosure, Sighting
from engine.errors import PacksightError
from engine.levels import PackedEdits, restored
from engine.model import Edit, SourceFile
from engine.scan.assemble import Layout
from engine.scan.guard import NOTHING, Guard, allows
from engine.scan.record import KINDS, Damaged, Detail
from engine.scan.settings import MAX_FILE_BYTES
from engine.secrets import mask_names
from engine.walk import Listing, ReadFailed, blob_id

if TYPE_CHECKING:
    from engine.scan.run import Cache

_HELD_BYTES = 12_000_000
"""Text of decoded files kept at hand: a pack goes file by file, and then once more to tell what it disclosed."""


class ChangedMeanwhile(PacksightError):
    """A file is no longer what was analysed, or its analysis is damaged."""

    def __init__(self, message: str, key: bytes) -> None:
        super().__init__(message)
        self.key = key
        """Name of the analysis that is of no use any more."""


@dataclass(slots=True)
class _File:
    source: SourceText
    """Masked."""
    guard: Guard
    starts: list[int]
    edits: PackedEdits


class RepositoryTexts:
    """Implements ``engine.columns.Texts`` for a scanned listing."""

    def __init__(
        self,
        listing: Listing,
        columns: Columns,
        layout: Layout,
        files: Sequence[SourceFile],
        keys: Sequence[bytes],
        cache: Cache | None,
        details: dict[bytes, bytes] | None = None,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            listing: Reads the files.
            columns: The columns built from ``entries``.
            layout: Where the chunks stand.
            files: Files with chunks, one per ``columns.files``.
            keys: The names of their analyses in the cache.
            cache: Where details are.
            details: Details already at hand, by key.
        """
        self._listing = listing
        self._columns = columns
        self._layout = layout
        self._files = files
        self._keys = keys
        self._cache = cache
        self._details = details or {}
        self._first = np.searchsorted(columns.file, np.arange(len(columns.files) + 1))
        self._parsed: dict[int, Detail] = {}
        self._held: OrderedDict[int, _File] = OrderedDict()
        self._held_bytes = 0
        self._guards: dict[int, Guard] = {}
        self._disclosure = GUARDED

    def disclosed(self, how: Disclosure) -> RepositoryTexts:
        """The same texts, as somebody else may see them."""
        if how == self._disclosure:
            return self
        other = copy(self)
        other._held, other._held_bytes, other._disclosure = OrderedDict(), 0, how
        return other

    def prefetch(self, files: Sequence[int]) -> None:
        """Fetch the details of many files in one question."""
        keys = [self._keys[file] for file in files if self._keys[file] not in self._details]
        if keys and self._cache:
            self._details.update(self._cache.details(keys))

    def text(self, chunk: int, level: int) -> str:
        """Text at level 0-3; see ``engine.columns.Texts``."""
        held, index, edits = self._at_level(chunk, level)
        start, end = held.starts[index], held.starts[index + 1]
        return held.guard.text(held.source.data, start, end, edits, self._disclosure)

    def seen(self, chunk: int, level: int) -> Sequence[Sighting]:
        """What of secrets and hidden characters stands in the text of a chunk at level 0-3, masked, marked or not."""
        held, index, edits = self._at_level(chunk, level)
        if held.guard is NOTHING:
            return ()
        start, end = held.starts[index], held.starts[index + 1]
        return tuple(held.guard.seen(start, end, edits, held.source.line_starts))

    def altered(self, chunk: int, level: int) -> frozenset[str]:
        """See ``engine.columns.Texts``."""
        seen = self.seen(chunk, level)
        how = self._disclosure
        secret = not how.reveal_secrets and any(one.is_secret for one in seen)
        hidden = how.hidden_text != "keep" and any(not one.is_secret for one in seen)
        return frozenset(word for word, is_so in (("secrets", secret), (how.hidden_text, hidden)) if is_so)

    def outline(self, chunk: int) -> str:
        """Level-4 fragment or ``""``."""
        file, index = self._locate(chunk)
        return self._detail(file).outlines[index]

    def kind(self, chunk: int) -> str:
        """Kind of the chunk."""
        return KINDS[int(self._layout.kind[chunk])]

    def symbol(self, chunk: int) -> str:
        """Qualified name or ``""``."""
        file, index = self._locate(chunk)
        return self._detail(file).symbols[index]

    def rule(self, chunk: int) -> str:
        """Id of the classification rule that decided."""
        file, index = self._locate(chunk)
        return self._detail(file).rules[index]

    def source(self, file: int) -> SourceText:
        """The decoded text of a file, by index into ``columns.files``, with its secrets masked.

        Raises:
            ChangedMeanwhile: the file is not what was analysed, or cannot be read any more.
        """
        return self._file(file).source

    def _locate(self, chunk: int) -> tuple[int, int]:
        file = int(self._columns.file[chunk])
        return file, chunk - int(self._first[file])

    def _detail(self, file: int) -> Detail:
        known = self._parsed.get(file)
        if known is None:
            key = self._keys[file]
            if key not in self._details:
                self.prefetch([file])
            try:
                known = Detail.unpack(self._details.get(key) or b"")
                known.symbols, known.outlines = mask_names(known.symbols), mask_names(known.outlines)
                self._parsed[file] = known
            except (Damaged, ValueError):
                raise self._damaged(file) from None
        return known

    def _at_level(self, chunk: int, level: int) -> tuple[_File, int, list[Edit]]:
        """The file of a chunk, its number there, and the edits of a level or of the one above it that is as cheap."""
        file, index = self._locate(chunk)
        tokens = self._columns.tokens[chunk]
        while level > 0 and tokens[level] >= tokens[level - 1]:
            level -= 1
        held = self._file(file)
        return held, index, self._edits(held, file, index, level) if level else []

    def _edits(self, held: _File, file: int, index: int, level: int) -> list[Edit]:
        columns, chunk = self._columns, int(self._first[file]) + index
        lines = int(columns.start_line[chunk]), int(columns.end_line[chunk])
        try:
            edits = held.edits.of(index)[level - 1]
            return restored(edits, held.source, columns.files[file].language, *lines)
        except ValueError:
            raise self._damaged(file) from None

    def _damaged(self, file: int) -> ChangedMeanwhile:
        return ChangedMeanwhile(f"{self._files[file].path}: its analysis is damaged", self._keys[file])

    def _file(self, file: int) -> _File:
        held = self._held.get(file)
        if held is None:
            held = self._held[file] = self._open(file)
            self._held_bytes += len(held.source.data)
            while self._held_bytes > _HELD_BYTES and len(self._held) > 1:
                self._held_bytes -= len(self._held.popitem(last=False)[1].source.data)
        return held

    def _open(self, file: int) -> _File:
        source_file = self._files[file]
        try:
            raw = self._listing.content.read(source_file, MAX_FILE_BYTES)
        except ReadFailed as error:
            raise ChangedMeanwhile(f"{source_file.path}: {error.message}", self._keys[file]) from error
        converted = "converted" in source_file.attributes
        if not converted and blob_id(raw, self._listing.object_format) != self._columns.files[file].blob_id:
            raise ChangedMeanwhile(f"{source_file.path} changed while it was being read", self._keys[file])
        source = decode(raw)
        guard = self._guard(file, source)
        if not self._disclosure.reveal_secrets:
            source.data, source.lines = guard.masked(source.data), None
        first, behind = int(self._first[file]), int(self._first[file + 1])
        starts = [*self._layout.text_start[first:behind].tolist(), len(source.data)]
        try:
            edits = PackedEdits(self._detail(file).edits)
        except ValueError:
            raise self._damaged(file) from None
        return _File(source, guard, starts, edits)

    def _guard(self, file: int, source: SourceText) -> Guard:
        known = self._guards.get(file)
        if known is None:
            known = self._guards[file] = Guard.of(source.data)
        if known.secrets and allows(self._disclosure, self._files[file].path):
            known = Guard((), known.hidden)
        return known if known.secrets or known.hidden else NOTHING
