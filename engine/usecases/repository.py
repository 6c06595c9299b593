"""A repository opened for one model: listed, analysed, and lazily assembled."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgpack

from engine.events import Emit, IsCancelled, Progress
from engine.model import Model, Skipped
from engine.request import ScanRequest
from engine.scan.job import Settings, rules_for
from engine.scan.plan import Entry, fingerprint, plan
from engine.scan.run import analyse
from engine.store.blobs import BlobCache
from engine.tokens import tokenizer
from engine.walk import Listing, open_listing

if TYPE_CHECKING:
    from engine.columns import Columns
    from engine.scan.assemble import Layout
    from engine.scan.texts import RepositoryTexts


@dataclass(slots=True)
class Repository:
    """Everything known about a repository for one vocabulary."""

    request: ScanRequest
    model: Model
    listing: Listing
    entries: list[Entry]
    """Files with chunks."""
    skipped: list[Skipped]
    summary: dict[str, object]
    """Totals of the scan, as ``engine.usecases.summary.summarize`` makes them."""
    hits: int
    misses: int
    seconds: dict[str, float]
    cache: BlobCache
    place: str
    """Name under which the cache keeps the state of this listing."""
    digest: bytes
    """Names the state: equal for equal contents."""
    details: dict[bytes, bytes] = field(default_factory=dict)
    """Details that the cache could not take."""
    packed: bytes = b""
    """Columns in snapshot form, until somebody asks for them."""
    _columns: Columns | None = None
    _layout: Layout | None = None

    def columns(self) -> tuple[Columns, Layout]:
        """The repository as columns."""
        if self._columns is None or self._layout is None:
            from engine.scan.assemble import unpack_columns

            self._columns, self._layout = unpack_columns(self.packed)
        return self._columns, self._layout

    def texts(self) -> RepositoryTexts:
        """Access to the text of chunks."""
        from engine.scan.texts import RepositoryTexts

        columns, layout = self.columns()
        return RepositoryTexts(self.listing, columns, layout, self.entries, self.cache, dict(self.details))


def open_repository(
    request: ScanRequest, model: Model, cache: BlobCache, emit: Emit, cancelled: IsCancelled
) -> Repository:
    """List and analyse a repository, or recognise the state it was last seen in.

    Raises:
        InputError: the path is no repository and no folder, or cannot be read.
        Cancelled: ``cancelled`` said so.
    """
    started_s = time.perf_counter()
    emit(Progress("list", 0, 0))
    listing = open_listing(
        request.path,
        rev=request.rev,
        submodules=request.submodules,
        include=request.include,
        exclude=request.exclude,
        emit=emit,
        cancelled=cancelled,
    )
    skipped = list(listing.skipped)
    entries = plan(listing, skipped, rules_for(request.class_rules))
    listed_s = time.perf_counter() - started_s
    place = _place(request, listing, model.encoding)
    digest = fingerprint(entries, model.encoding)
    kept = cache.snapshot(place, digest)
    if kept is not None:
        repository = _from_snapshot(kept, place, digest, request, model, listing, entries, skipped, cache)
    else:
        repository = _from_scan(place, digest, request, model, listing, entries, skipped, cache, emit, cancelled)
        if not repository.details:
            cache.keep_snapshot(place, digest, _snapshot(repository, len(skipped)))
    repository.seconds = {"list": listed_s, **repository.seconds, "total": time.perf_counter() - started_s}
    return repository


def _place(request: ScanRequest, listing: Listing, encoding: str) -> str:
    options = "\0".join([request.rev or "", str(request.submodules), *request.include, "\1", *request.exclude])
    return f"{listing.root}\0{encoding}\0{hashlib.blake2b(options.encode(), digest_size=8).hexdigest()}"


def _from_scan(
    place: str,
    digest: bytes,
    request: ScanRequest,
    model: Model,
    listing: Listing,
    entries: Sequence[Entry],
    skipped: list[Skipped],
    cache: BlobCache,
    emit: Emit,
    cancelled: IsCancelled,
) -> Repository:
    settings = Settings(model.encoding, class_rules=request.class_rules, model_files=request.model_files)
    analysed = analyse(listing, settings, cache, entries=entries, skipped=skipped, emit=emit, cancelled=cancelled)
    # Imported after the workers were started: forked workers stay small, and a warm scan never needs it.
    from engine.render import display_path
    from engine.render.layout import all_file_lines
    from engine.scan.assemble import assemble, pack_columns
    from engine.usecases.summary import summarize

    counter = tokenizer(model.encoding)
    columns, layout = assemble(analysed, display_path, counter.count_many)
    lines = counter.count_many([line + "\n" for line in all_file_lines(columns)])
    columns.line_tokens[:] = lines
    return Repository(
        request,
        model,
        listing,
        analysed.entries,
        analysed.skipped,
        summarize(columns),
        analysed.hits,
        analysed.misses,
        analysed.seconds,
        cache,
        place,
        digest,
        analysed.details,
        pack_columns(columns, layout),
        columns,
        layout,
    )


def _snapshot(repository: Repository, listed_skips: int) -> bytes:
    learned = [
        (item.path.encode("utf-8", "surrogateescape"), item.reason) for item in repository.skipped[listed_skips:]
    ]
    packed: bytes = msgpack.packb([repository.summary, learned, repository.packed])
    return packed


def _from_snapshot(
    kept: bytes,
    place: str,
    digest: bytes,
    request: ScanRequest,
    model: Model,
    listing: Listing,
    entries: Sequence[Entry],
    skipped: list[Skipped],
    cache: BlobCache,
) -> Repository:
    started_s = time.perf_counter()
    summary, learned, packed = msgpack.unpackb(kept)
    names = [(path.decode("utf-8", "surrogateescape"), reason) for path, reason in learned]
    skipped.extend(Skipped(path, reason) for path, reason in names)
    without_chunks = {path for path, _ in names}
    known = [entry for entry in entries if entry.file.path not in without_chunks]
    seconds = {"read": 0.0, "parse": 0.0, "count": 0.0, "store": time.perf_counter() - started_s}
    return Repository(
        request, model, listing, known, skipped, summary, len(entries), 0, seconds, cache, place, digest, packed=packed
    )
