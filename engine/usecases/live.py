"""A repository held open for live packing; see ``engine.live.Live``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import BudgetTooSmall, Cancelled, PacksightError, UsageError
from engine.events import Emit, IsCancelled, ignore, never
from engine.live import Chart, Excerpt, LivePack, Settled, Why
from engine.pack import Solution, stopping
from engine.render.coverage import Scope
from engine.request import PackRequest, ScanRequest
from engine.scan.texts import ChangedMeanwhile
from engine.usecases.bench import Bench
from engine.usecases.covering import scope_of
from engine.usecases.estimated import estimated
from engine.usecases.excerpt import Excerpts
from engine.usecases.labels import Labels
from engine.usecases.landing import Landing
from engine.usecases.live_pack import like_before, live_pack, no_pack
from engine.usecases.pack import pack_repository
from engine.usecases.patient import stop_if
from engine.usecases.prepared import Prepared, Shelf
from engine.usecases.report import scan_report
from engine.usecases.repository import Repository
from engine.usecases.token_ends import token_ends
from engine.usecases.why import Whys
from engine.usecases.wishes import Wishes, format_of, require_text, wishes_of

if TYPE_CHECKING:
    from engine.usecases.live_change import LiveChange
    from engine.usecases.searched import Searched

_ROUNDS = 4
"""Times that a live pack is chosen at most, as its text is estimated to cost more than the budget, or much less."""
_CLOSER = 0.998
_FULL = 0.95


class LiveRepository:
    """Implements ``engine.live.Live`` for an opened repository, which it closes in the end."""

    def __init__(
        self, repository: Repository, scan: ScanRequest, emit: Emit = ignore, cancelled: IsCancelled = never
    ) -> None:
        """Prepare: everything that the first pack needs beside its solver is computed here.

        Raises:
            Cancelled: on request.
        """
        self._repository = repository
        self._bench = Bench.of(repository)
        self._shelf = Shelf(self._bench)
        self._excerpts = Excerpts(self._bench)
        self._labels = Labels(repository, self._bench.columns)
        self._whys = Whys(self._bench, self._shelf)
        self._landing = Landing()
        self._last: LivePack | None = None
        self._change: LiveChange | None = None
        self._changed = False
        listing = repository.listing
        self._chart = Chart(
            scan=scan,
            root=str(listing.root),
            name=self._bench.title,
            revision=listing.revision,
            model=repository.model,
            columns=self._bench.columns,
            skipped=tuple(repository.skipped),
            summary=scan_report(repository),
        )
        if repository.summary["chunks"]:
            stop_if(cancelled)
            self._bench.relevance("", emit, cancelled)
            stop_if(cancelled)
            self._bench.priced(format_of(PackRequest(scan, 1), repository.model))

    @property
    def chart(self) -> Chart:
        """What was scanned."""
        return self._chart

    def repack(self, request: PackRequest, cancelled: IsCancelled = never, *, emit: Emit = ignore) -> LivePack:
        """Choose levels; see ``engine.live.Live``."""
        stop_if(cancelled)
        try:
            wishes = wishes_of(request, self._repository.model)
            require_text(self._repository)
            change = self._change_of(request, wishes, cancelled)
            shelf = self._shelf if change is None else change.shelf
            prepared = shelf.prepare(request, wishes.format, emit, cancelled)
        except Cancelled:
            raise
        except PacksightError as error:
            return no_pack(self._bench, request, _words(error), self._last)
        stop_if(cancelled)
        budget_tokens = wishes.budget_tokens
        scope = scope_of(self._bench, self._bench.columns, prepared.excluded, budget_tokens)
        try:
            with stopping(cancelled):
                notes_tokens = 0 if change is None else change.notes_tokens
                room_tokens = max(budget_tokens - notes_tokens, min(budget_tokens, prepared.smallest_tokens))
                solution, est_tokens = self._within(prepared, room_tokens, scope)
        except BudgetTooSmall as error:
            old = like_before(prepared, budget_tokens, self._last)
            est_tokens = estimated(self._bench, prepared, old.levels, scope)
            return live_pack(self._bench, prepared, request, budget_tokens, old, est_tokens, problem=_words(error))
        pack = live_pack(self._bench, prepared, request, budget_tokens, solution, est_tokens + notes_tokens)
        self._last = pack if change is None else change.shown_in(pack, self._bench)
        return self._last

    def _change_of(self, request: PackRequest, wishes: Wishes, cancelled: IsCancelled) -> LiveChange | None:
        """What a request is compared with, if anything.

        Raises:
            InputError: there is no such revision.
            Cancelled: ``cancelled`` said so.
        """
        if not request.diff:
            return None
        from engine.usecases.live_change import LiveChange

        known = self._change
        if known is None or (known.revision, known.budget_tokens) != (request.diff, wishes.budget_tokens):
            known = self._change = LiveChange.of(self._bench, request.diff, wishes.budget_tokens, cancelled)
        return known

    def _within(self, prepared: Prepared, budget_tokens: int, scope: Scope) -> tuple[Solution, int]:
        """Levels whose text is estimated to be within the budget, as far as there are any."""
        aim = self._aim(prepared, budget_tokens)
        best: tuple[Solution, int] | None = None
        for _ in range(_ROUNDS):
            solution = prepared.solver.quick(aim)
            est_tokens = estimated(self._bench, prepared, solution.levels, scope)
            fits = est_tokens <= budget_tokens
            if best is None or best[1] > budget_tokens or best[1] < est_tokens <= budget_tokens:
                best = solution, est_tokens
            if aim <= prepared.smallest_tokens or aim >= prepared.totals.used[0]:
                break
            if fits and est_tokens >= _FULL * budget_tokens:
                break
            self._landing.learn(prepared.format, solution.est_used, est_tokens)
            closer = int(aim * _CLOSER * budget_tokens / est_tokens)
            aim = max(prepared.smallest_tokens, min(closer, aim - 1) if not fits else closer)
        assert best is not None
        return best

    def _aim(self, prepared: Prepared, budget_tokens: int) -> int:
        """What to solve for so that little moves when the text is made."""
        smallest = prepared.smallest_tokens
        if budget_tokens < smallest:
            return budget_tokens
        return self._landing.aim(prepared.format, budget_tokens, smallest, int(prepared.totals.used[0]))

    def settle(self, request: PackRequest, emit: Emit = ignore, cancelled: IsCancelled = never) -> Settled:
        """Make the pack itself; see ``engine.live.Live``."""
        try:
            shelf = None if request.diff else self._shelf
            packed = pack_repository(self._repository, request, emit, cancelled, shelf)
        except ChangedMeanwhile as moved:
            raise self._moved_on(moved) from moved
        wishes = wishes_of(request, self._repository.model)
        change = self._change_of(request, wishes, cancelled)
        prepared = (self._shelf if change is None else change.shelf).prepare(request, wishes.format, ignore, cancelled)
        est_tokens, actual_tokens = int(packed.report["est_used"]), int(packed.report["actual"])
        self._landing.learn(prepared.format, packed.solution.est_used, max(est_tokens, actual_tokens))
        pack = live_pack(
            self._bench, prepared, request, wishes.budget_tokens, packed.solution, est_tokens, actual_tokens
        )
        self._last = pack if change is None else change.shown_in(pack, self._bench)
        return Settled(packed.text, packed.report, self._last, packed)

    def search(
        self,
        request: PackRequest,
        intent: str = "",
        limit: int = 20,
        emit: Emit = ignore,
        cancelled: IsCancelled = never,
    ) -> Searched:
        """Find what answers a query; see ``engine.live.Live``."""
        from engine.usecases.search import search_repository

        try:
            return search_repository(self._repository, request, intent, limit, emit, cancelled)
        except ChangedMeanwhile as moved:
            raise self._moved_on(moved) from moved

    def excerpt(self, file: int, chunk: int | None, level: int | None, pack: LivePack | None) -> Excerpt:
        """Text of a file or a chunk; see ``engine.live.Live``."""
        if level is None and pack is None:
            raise UsageError("an excerpt needs a level, or a pack that has them")
        try:
            return self._excerpts.excerpt(file, chunk, level, None if pack is None else pack.levels)
        except ChangedMeanwhile as change:
            raise self._moved_on(change) from change

    def why(self, pack: LivePack, chunk: int) -> Why:
        """Explain a chunk's level; see ``engine.live.Live``."""
        return self._whys.why(pack, chunk)

    def labels(self, chunks: Sequence[int]) -> list[tuple[str, str]]:
        """Kinds and symbols; see ``engine.live.Live``."""
        return self._labels.of(chunks)

    def token_ends(self, text: str) -> list[int]:
        """Offsets behind tokens; see ``engine.live.Live``."""
        return token_ends(self._bench.counter, text)

    def changed(self) -> bool:
        """Tell whether files were found to be other than when they were scanned; see ``engine.live.Live``."""
        return self._changed

    def close(self) -> None:
        """Give back the processes that read objects."""
        self._repository.listing.content.close()

    def _moved_on(self, change: ChangedMeanwhile) -> PacksightError:
        if not self._changed:
            self._repository.distrust(change.key)
        self._changed = True
        return change


def _words(error: PacksightError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
