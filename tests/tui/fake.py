"""An engine without a repository: answers at once, from charts made by code, and remembers what it was asked."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.errors import BudgetTooSmall, Cancelled, InputError, PacksightError, UsageError
from engine.events import Emit, IsCancelled, ignore, never
from engine.live import Chart, Excerpt, LivePack, Settled, Why
from engine.model import ChunkClass, Method, Model
from engine.profiles import Profile
from engine.request import PackRequest, ScanRequest
from engine.usecases.compare import Comparison
from engine.usecases.learn_lesson import Lesson
from engine.usecases.profile_version import ProfileVersion
from engine.usecases.recount import ModelCount
from engine.usecases.searched import Searched
from tests.tui.fake_book import FakeBook, fake_comparison
from tests.tui.fake_calibration import FakeCalibration
from tests.tui.fake_lesson import FakeTeacher
from tests.tui.fake_search import fake_searched, with_change
from tests.tui.fake_telemetry import FakeTelemetry
from tests.tui.samples import WEIGHTS, sample_chart, sample_model, sample_pack, sample_request
from tui.setup import Setup

SMALLEST = 300
"""Budget below which the fake says that nothing fits."""


def sample_models() -> tuple[Model, ...]:
    """A few models that differ in everything a list of models shows."""
    return (
        sample_model(),
        sample_model(
            id="sample-large", aliases=(), provider="globex", context_window=1_000_000, encoding="cl100k_base",
            method=Method.RECONSTRUCTED, error_band=(-0.01, 0.01), price_in=Decimal("1.25"),
        ),
        sample_model(
            id="sample-mini", aliases=("mini",), provider="acme", context_window=32_000, method=Method.ESTIMATE,
            error_band=(-0.05, 0.05), price_in=None, price_out=None,
        ),
    )  # fmt: skip


class FakeLive:
    """Implements ``engine.live.Live`` on a chart made by code."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self.closed = False
        self.searches: list[tuple[PackRequest, str]] = []
        """What was searched, with the intent chosen by hand."""
        self.search_gate: threading.Event | None = None
        """While it is there and not set, a search reads words, until it is stopped."""

    @property
    def chart(self) -> Chart:
        """What it was made with."""
        return self._chart

    def repack(self, request: PackRequest, cancelled: IsCancelled = never, *, emit: Emit = ignore) -> LivePack:
        """A made-up pack, or one with the problem that its budget is too small."""
        try:
            pack = sample_pack(self._chart, request=request, settled=False)
        except UsageError as error:
            empty = sample_pack(self._chart, request=replace(request, budget=SMALLEST), settled=False)
            return replace(empty, request=request, problem=f"{error.message}; {error.hint}")
        if pack.budget_tokens < SMALLEST:
            return replace(pack, problem=f"a budget of {pack.budget_tokens} tokens is too small; use {SMALLEST}")
        return with_change(pack, self._chart)

    def settle(self, request: PackRequest, emit: Emit = ignore, cancelled: IsCancelled = never) -> Settled:
        """A made-up text with the pack's numbers."""
        pack = with_change(sample_pack(self._chart, request=request, settled=True), self._chart)
        if pack.budget_tokens < SMALLEST:
            raise BudgetTooSmall("too small", f"use {SMALLEST}", SMALLEST)
        lines = [f"# {self._chart.name}", ""]
        for number, row in enumerate(self._chart.columns.files):
            lines += [f"## {row.path}", *(f"line {line} of file {number}" for line in range(6)), ""]
        report = {
            "model": self._chart.model.id, "encoding": "o200k_base", "method": "exact", "budget": pack.budget_tokens,
            "est_used": pack.est_used, "actual": pack.actual, "reserve": pack.reserve_tokens,
            "context_window": pack.context_window, "quality": pack.quality, "intent": "", "query": request.query,
            "profile": request.profile, "fits": True, "levels": {}, "classes": {}, "items": [],
            "excluded": [{"path": "logo.png", "reason": "binary", "tokens": 0}], "alternatives": [], "seconds": {},
            "format": pack.format,
        }  # fmt: skip
        return Settled("\n".join(lines), report, pack)

    def search(
        self,
        request: PackRequest,
        intent: str = "",
        limit: int = 20,
        emit: Emit = ignore,
        cancelled: IsCancelled = never,
    ) -> Searched:
        """Hits by words in paths."""
        self.searches.append((request, intent))
        return fake_searched(self._chart, request, intent, limit, emit, cancelled, self.search_gate)

    def excerpt(self, file: int, chunk: int | None, level: int | None, pack: LivePack | None) -> Excerpt:
        """Some lines of a language that has colours."""
        row = self._chart.columns.files[file]
        shown = -1 if level is None else level
        body = [f"def function_{file}_{number}(value):  # {row.path}" for number in range(3)]
        text = "\n".join(line for head in body for line in (head, "    return value * 2", ""))
        return Excerpt(text, shown, 40, "python", 1)

    def why(self, pack: LivePack, chunk: int) -> Why:
        """Numbers of the chart."""
        level = int(pack.levels[chunk])
        full = int(self._chart.columns.tokens[chunk, 0])
        tokens = int(pack.tokens[chunk])
        return Why(
            level, tokens, full, float(pack.values[chunk]), 0.5, "made up", 0 if level else None, full - tokens, 1.0
        )

    def labels(self, chunks: Sequence[int]) -> list[tuple[str, str]]:
        """Functions with numbers."""
        return [("function", f"function_{chunk}") for chunk in chunks]

    def token_ends(self, text: str) -> list[int]:
        """A token every four characters."""
        return [*range(4, len(text), 4), len(text)] if text else []

    def changed(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Remember it."""
        self.closed = True


class FakeEngine:
    """What the app asks of the facade."""

    def __init__(self, chart: Chart | None = None) -> None:
        self.chart = chart or sample_chart()
        self.opened: list[ScanRequest] = []
        self.lives: list[FakeLive] = []
        self.closed = False
        self.gate: threading.Event | None = None
        """While it is there and not set, opening waits, until it is stopped."""
        self.failure: PacksightError | None = None
        """What opening fails with."""
        self.book = FakeBook(Path(self.chart.root))
        """Its saved profiles."""
        self.cancelled: IsCancelled = never
        self.emit: Emit = ignore
        self.records = FakeCalibration()
        """What its recorded calls teach."""
        self.longest_answers: dict[str, int] = {}
        """Longest answers by model; those of others are long enough for everything."""
        self.teacher = FakeTeacher(self.book)
        """What it learns, and the packs that it was told of."""
        self.search_gate: threading.Event | None = None
        """Of every repository that it opens."""
        self.calls = FakeTelemetry()
        """Its recorded calls."""
        self._is_made = False

    def make(self, emit: Emit, cancelled: IsCancelled) -> FakeEngine:
        """Stand for the class itself in ``Setup.make_engine``; a second one shares everything but its caller."""
        made = copy.copy(self) if self._is_made else self
        self._is_made = True
        made.emit, made.cancelled = emit, cancelled
        return made

    def categories(self) -> tuple[str, ...]:
        """Some kinds of work."""
        return ("docs", "tests", "implementation", "other")

    def expected_answer(self, config: object, model: str, **task: Any) -> dict[str, Any]:
        """By the complexity, within what the model can."""
        return self.records.expected_answer(model, self.longest_answers.get(model, 64_000), **task)

    def calibration(self, config: object) -> FakeCalibration:
        """The one there is, for whoever asks."""
        return self.records.told(self.emit, self.cancelled)

    def live(self, request: ScanRequest) -> FakeLive:
        """Open."""
        self.opened.append(request)
        while self.gate is not None and not self.gate.wait(0.002):
            if self.cancelled():
                raise Cancelled("interrupted")
        if self.failure is not None:
            raise self.failure
        model = next((known for known in sample_models() if known.id == request.model), self.chart.model)
        self.lives.append(FakeLive(replace(self.chart, scan=request, model=model)))
        self.lives[-1].search_gate = self.search_gate
        return self.lives[-1]

    def models(self) -> tuple[Model, ...]:
        """The catalog."""
        return sample_models()

    def model(self, name: str) -> Model:
        """One of the catalog."""
        for model in sample_models():
            if name in (model.id, *model.aliases):
                return model
        raise InputError(f"there is no model '{name}'", f"did you mean '{sample_models()[0].id}'?")

    def profile(self, name: str, request: PackRequest) -> Profile:
        """As the engine does."""
        return Profile(name, request.budget, request.reserve_tokens, request.format, request.tuning)

    def profiles(self, path: Path, model: str, config: object) -> FakeBook:
        """The one book there is."""
        return self.book

    def request(self, scan: ScanRequest, config: object, asked: object, query: str = "") -> PackRequest:
        """What the profile in use says."""
        request = sample_request(self.chart, scan=scan, query=query)
        name = self.book.active_name
        if name is None:
            return request
        kept = self.book.saved[name][-1]
        return replace(request, budget=kept.budget or request.budget, tuning=kept.tuning, profile=name)

    def variant(self, scan: ScanRequest, flags: object, words: str) -> PackRequest:
        """Budgets and models only."""
        request = sample_request(self.chart, scan=scan)
        if words == "now":
            return request
        if words.isdigit():
            return replace(request, budget=int(words))
        return replace(request, scan=replace(scan, model=self.model(words).id))

    def diff(self, left: PackRequest, right: PackRequest) -> Comparison:
        """Of made-up packs."""
        return fake_comparison(self.chart, left, right)

    def models_at_once(self, request: PackRequest, models: list[str]) -> tuple[ModelCount, ...]:
        """Numbers that differ."""
        return tuple(
            ModelCount(
                model.id, model.encoding, model.method, 11_800 + 700 * at, model.error_band, model.context_window, 0.5
            )
            for at, model in enumerate(map(self.model, models))
        )

    def default_weights(self) -> dict[ChunkClass, float]:
        """Weights of the samples."""
        return {kind: float(weight) for kind, weight in zip(ChunkClass, WEIGHTS, strict=True)}

    def command_line(self, request: PackRequest) -> str:
        """Words that look like it."""
        return f"packsight pack {request.scan.path} -m {request.scan.model} -b {request.budget}"

    def learn(self, path: Path, config: object) -> Lesson:
        """As the teacher says."""
        return self.teacher.learn(self.emit, self.cancelled)

    def keep_lesson(self, lesson: Lesson, path: Path, config: object) -> ProfileVersion:
        """Into the book."""
        return self.teacher.keep(lesson)

    def record_pack(self, request: PackRequest, report: Mapping[str, Any], config: object, *, made_by: str) -> str:
        """Remember it."""
        return self.teacher.record(request, made_by)

    def remember_shown(self, key: str, request: PackRequest, packed: object, config: object) -> bool:
        """Remember it."""
        self.teacher.shown.append(key)
        return True

    def outcomes(self, path: Path, config: object) -> FakeTeacher:
        """The teacher has them."""
        return self.teacher

    def telemetry(self, config: object) -> FakeTelemetry:
        """The one there is."""
        return self.calls

    def log_places(self) -> dict[str, tuple[Path, ...]]:
        """Made up."""
        return self.calls.places

    def import_logs(self, config: object, paths: Sequence[Path], **more: Any) -> dict[str, Any]:
        """Made up."""
        return self.calls.take(paths, self.emit, self.cancelled)

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def fake_setup(
    folder: Path,
    engine: FakeEngine | None = None,
    change: Callable[[PackRequest], PackRequest] | None = None,
    **more: Any,
) -> Setup:
    """A setup with a fake engine that writes below ``folder`` only."""
    engine = engine or FakeEngine()
    request = sample_request(engine.chart)
    return Setup(
        request=change(request) if change else request,
        make_engine=engine.make,
        config_folder=folder / "config",
        data_folder=folder / "data",
        context_window=engine.chart.model.context_window,
        watch=False,
        **more,
    )
