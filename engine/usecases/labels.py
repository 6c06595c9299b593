"""Kinds and names of chunks for lists and trees, read from the cache as they come into view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.columns import Columns
from engine.scan.record import KINDS, Damaged, Detail
from engine.secrets import mask_names
from engine.usecases.repository import Repository


class Labels:
    """Names chunks of one repository; files whose names were read stay at hand."""

    def __init__(self, repository: Repository, columns: Columns) -> None:
        self._repository, self._columns = repository, columns
        _, layout = repository.columns()
        self._kind = layout.kind
        self._first = np.searchsorted(columns.file, np.arange(len(columns.files) + 1))
        self._symbols: dict[int, list[str]] = {}

    def of(self, chunks: Sequence[int]) -> list[tuple[str, str]]:
        """(kind, symbol) of each chunk; the symbol is empty where there is none, or where the cache is damaged."""
        rows = np.asarray(chunks, np.int64)
        files = self._columns.file[rows]
        self._read([file for file in np.unique(files).tolist() if file not in self._symbols])
        within = (rows - self._first[files]).tolist()
        kinds = self._kind[rows].tolist()
        return [
            (KINDS[kind], symbols[index] if index < len(symbols) else "")
            for kind, symbols, index in zip(kinds, map(self._symbols.__getitem__, files.tolist()), within, strict=True)
        ]

    def _read(self, files: list[int]) -> None:
        repository = self._repository
        keys = [repository.keys[file] for file in files]
        known = {key: repository.details[key] for key in keys if key in repository.details}
        known.update(repository.cache.details([key for key in keys if key not in known]) if files else {})
        for file, key in zip(files, keys, strict=True):
            try:
                self._symbols[file] = mask_names(Detail.unpack(known.get(key, b"")).symbols)
            except Damaged:
                self._symbols[file] = []
