"""A repository opened for one model: listed, analysed, and lazily assembled."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgpack

from engine.events import Emit, IsCancelled, Progress
from engine.model import Model, Skipped, SourceFile
from engine.plugins import installed
from engine.request import ScanRequest
from engine.scan.garbage import rare_collection
from engine.scan.identity import fingerprint, identify
from engine.scan.settings import Settings
from engine.store.blobs import BlobCache
from engine.tokens import tokenizer
from engine.usecases.foreseen import Foreseen
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
    cache: BlobCache
    identified: list[tuple[SourceFile, str]]
    """Files with chunks, with their blob ids."""
    skipped: list[Skipped]
    place: str
    """Name under which the cache keeps the state of this listing."""
    digest: bytes
    """Names the state: equal for equal contents."""
    summary: dict[str, object] = field(default_factory=dict)
    """Totals of the scan, as ``engine.usecases.summary.summarize`` makes them."""
    hits: int = 0
    misses: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds by phase."""
    packed: bytes = b""
    """Columns in snapshot form, until somebody asks for them."""
    details: dict[bytes, bytes] = field(default_factory=dict)
    """Details that the cache could not take."""
    keys: list[bytes] = field(default_factory=list)
    """Names of the files' analyses in the cache, one per file with chunks."""
    laid_out: dict[str, object] = field(default_factory=dict)
    """What was made of this state for packing it, by name; it lives as long as the state is open."""
    _columns: Columns | None = None
    _layout: Layout | None = None

    def columns(self) -> tuple[Columns, Layout]:
        """The repository as columns."""
        if self._columns is None or self._layout is None:
            from engine.scan.assemble import unpack_columns

            self._columns, self._layout = unpack_columns(self.packed)
            _mask_names(self._columns)
        return self._columns, self._layout

    def texts(self) -> RepositoryTexts:
        """Access to the text of chunks."""
        from engine.scan.texts import RepositoryTexts

        columns, layout = self.columns()
        files = [file for file, _ in self.identified]
        return RepositoryTexts(self.listing, columns, layout, files, self.keys, self.cache, dict(self.details))

    def distrust(self, key: bytes) -> None:
        """Make the cache forget an analysis, whatever else of this repository is damaged, and its state; then close."""
        sound = self.cache.details(self.keys)
        self.cache.forget([key, *(other for other in self.keys if other not in sound)], self.place)
        self.listing.content.close()

    def recall(self, kept: bytes) -> None:
        """Fill in what a snapshot of the same state knows."""
        started_s = time.perf_counter()
        self.summary, learned, suffixes, self.packed = msgpack.unpackb(kept)
        names = [(path.decode("utf-8", "surrogateescape"), reason) for path, reason in learned]
        self.skipped += [Skipped(path, reason) for path, reason in names]
        self.hits = len(self.identified)
        without_chunks = {path for path, _ in names}
        self.identified = [item for item in self.identified if item[0].path not in without_chunks]
        self.keys = [bytes.fromhex(item[1]) + suffix for item, suffix in zip(self.identified, suffixes, strict=True)]
        self.cache.touch(self.keys, self.place)
        self.seconds = {"read": 0.0, "parse": 0.0, "count": 0.0, "store": time.perf_counter() - started_s}

    def analyse(
        self, settings: Settings, emit: Emit, cancelled: IsCancelled, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """Analyse the files, assemble the columns, and remember the state.

        ``meanwhile`` is called once while workers are busy.

        Raises:
            InputError: the program is not whole, or nothing can be analysed here.
            Cancelled: ``cancelled`` said so.
        """
        from engine.scan.job import rules_for
        from engine.scan.plan import SUFFIX_BYTES, plan
        from engine.scan.run import analyse

        listed_skips = len(self.skipped)
        if installed("packsight.levels"):
            from engine.levels.plugged import ready

            ready()
        entries = plan(self.identified, rules_for(self.request.class_rules))
        result = analyse(
            self.listing,
            settings,
            self.cache,
            entries=entries,
            skipped=self.skipped,
            emit=emit,
            cancelled=cancelled,
            meanwhile=meanwhile,
        )
        from engine.render import display_path
        from engine.render.layout import all_file_lines
        from engine.scan.assemble import assemble, pack_columns
        from engine.usecases.summary import summarize

        count_many = tokenizer(settings.encoding).count_many
        columns, layout = assemble(result, display_path, count_many)
        columns.line_tokens[:] = count_many([line + "\n" for line in all_file_lines(columns)])
        self._columns, self._layout = columns, layout
        self.keys = [entry.key for entry in result.entries]
        with_chunks = {entry.file.path for entry in result.entries}
        self.identified = [item for item in self.identified if item[0].path in with_chunks]
        self.skipped, self.details = result.skipped, result.details
        self.summary, self.packed = summarize(columns), pack_columns(columns, layout)
        self.hits, self.misses, self.seconds = result.hits, result.misses, result.seconds
        if self.hits:
            self.cache.touch(self.keys)
        if not result.details and not result.unsettled:
            learned = [(_stored(item.path), item.reason) for item in self.skipped[listed_skips:]]
            suffixes = [key[-SUFFIX_BYTES:] for key in self.keys]
            state = msgpack.packb([self.summary, learned, suffixes, self.packed])
            self.cache.keep_snapshot(self.place, self.digest, state)


def open_repository(
    request: ScanRequest,
    model: Model,
    cache: BlobCache,
    emit: Emit,
    cancelled: IsCancelled,
    *,
    soon: str = "",
) -> Repository:
    """List and analyse a repository, or recognise the state it was last seen in.

    ``soon`` says what comes next (``scan``, ``pack``), and that is loaded while there is nothing to do but wait.

    Raises:
        InputError: the path is no repository and no folder, or cannot be read.
        Cancelled: ``cancelled`` said so.
    """
    started_s = time.perf_counter()
    emit(Progress("list", 0, 0))
    foreseen = Foreseen(cache, lambda root: _place(request, root, model.encoding), model.encoding, soon)
    listing = open_listing(
        request.path,
        rev=request.rev,
        submodules=request.submodules,
        include=request.include,
        exclude=request.exclude,
        emit=emit,
        cancelled=cancelled,
        meanwhile=foreseen.while_git_works,
    )
    skipped = list(listing.skipped)
    settings = Settings(model.encoding, class_rules=request.class_rules, model_files=request.model_files)
    identified = identify(listing, skipped)
    place, digest = _place(request, listing.root, model.encoding), fingerprint(identified, settings)
    repository = Repository(request, model, listing, cache, identified, skipped, place, digest)
    listed_s = time.perf_counter() - started_s
    kept = foreseen.state(place, digest)
    if kept is not None:
        repository.recall(kept)
    else:
        with rare_collection():
            repository.analyse(settings, emit, cancelled, foreseen.while_workers_work)
    repository.seconds = {"list": listed_s, **repository.seconds, "total": time.perf_counter() - started_s}
    return repository


def _mask_names(columns: Columns) -> None:
    """Mask secrets among the names that stand for files: one look at all of them, where there are none."""
    from engine.secrets import mask_names

    names = ["\n".join(file.names) for file in columns.files]
    for row, masked in enumerate(mask_names(names)):
        if masked != names[row]:
            columns.files[row] = replace(columns.files[row], names=tuple(masked.split("\n")))


def _place(request: ScanRequest, root: Path, encoding: str) -> str:
    options = "\0".join([request.rev or "", str(request.submodules), *request.include, "\1", *request.exclude])
    return f"{_stored(str(root))!r} {encoding} {hashlib.blake2b(_stored(options), digest_size=8).hexdigest()}"


def _stored(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
