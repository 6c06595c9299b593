"""Packs of a real folder of source code: this program's own."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.inspector import Inspector
from engine.pack import Solution, Solver
from engine.render.document import FORMATS
from engine.request import PackRequest, ScanRequest
from engine.tokens import tokenizer

HERE = Path(engine.__file__).parent


@pytest.fixture(scope="module")
def inspector(tmp_path_factory: pytest.TempPathFactory) -> Inspector:
    return Inspector(cache_path=tmp_path_factory.mktemp("cache") / "blobs.db")


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("model", ["gpt-4o", "claude-opus-4-5"])
def test_budgets_are_kept_and_used(inspector: Inspector, format_name: str, model: str) -> None:
    scan = ScanRequest(HERE, model)
    count = tokenizer(inspector.model(model).encoding).count
    for budget in (500, 800, 2_000, 12_000):
        packed = inspector.pack(PackRequest(scan, budget, format_name))
        assert packed.report["actual"] == count(packed.text) <= budget
        assert packed.report["actual"] >= 0.97 * budget


def test_asking_again_gives_the_same_pack_without_a_search(
    inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = PackRequest(ScanRequest(HERE, "gpt-4o"), 5_000)
    first = inspector.pack(request)

    def refuse(*_: object) -> None:
        raise AssertionError("the solver was asked again")

    monkeypatch.setattr("engine.pack.Solver.solve", refuse)
    again = inspector.pack(request)
    assert again.text == first.text
    for report in (first.report, again.report):
        report.pop("seconds")
        report.pop("cache")
    assert again.report == first.report


def test_more_budget_is_never_worth_less(inspector: Inspector) -> None:
    scan = ScanRequest(HERE, "gpt-4o")
    qualities = [
        inspector.pack(PackRequest(scan, budget)).report["quality"] for budget in (1_000, 4_000, 16_000, 64_000)
    ]
    assert qualities == sorted(qualities)


def test_what_a_solution_leaves_over_is_filled_up(inspector: Inspector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that are far too high leave much of a budget unused; recounts of single additions find room for more."""
    count = tokenizer(inspector.model("gpt-4o").encoding).count
    scan, solve = ScanRequest(HERE, "gpt-4o"), Solver.solve

    def cautious(self: Solver, budget_tokens: int) -> Solution:
        return solve(self, max(self.smallest_tokens, budget_tokens * 6 // 10))

    monkeypatch.setattr(Solver, "solve", cautious)
    monkeypatch.setattr("engine.usecases.fit.Fit.next_aim", lambda *_: None)
    packed = inspector.pack(PackRequest(scan, 701))
    assert 0.97 * 701 <= count(packed.text) == packed.report["actual"] <= 701
    assert packed.solution.est_used <= packed.solution.budget_tokens
    assert packed.solution.value <= packed.solution.bound
