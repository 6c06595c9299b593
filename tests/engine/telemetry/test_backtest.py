from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest

from engine.budgets import Cell
from engine.errors import InputError
from engine.telemetry.calibrate.backtest import backtest
from engine.telemetry.calibrate.calls import Call
from engine.telemetry.calibrate.policies import Fixed, policies
from engine.telemetry.calibrate.settings import settings
from engine.telemetry.calibrate.trace_file import read_trace

RULES = settings()
HEAD = "trace,seconds,input_tokens,output_tokens\n"
SHARED = Path(os.environ.get("PACKSIGHT_SHARED_DATA", "/none"), "output_lengths.csv.gz")
CELL = Cell("docs", "low", "", "")


def lengths(seed: int, calls: int, cells: int = 3) -> list[Call]:
    """Calls whose lengths are log-normal, each cell with its own median."""
    chance = random.Random(seed)
    found = []
    for number in range(calls):
        which = chance.randrange(cells)
        length = int(chance.lognormvariate(5 + which, 0.7))
        found.append(Call(Cell("c", f"{which}", "", ""), number, length, False))
    return found


def test_a_loop_that_learns_from_its_own_cuts_stays_on_target() -> None:
    """Taking a cut for a length ends far above the target; ours does not, and reserves far less than a fixed budget."""
    found = backtest(lengths(1, 6000), policies(4096, 0.05, lambda cell: 12288, RULES), 0.05)["policies"]
    ours = found["packsight"]
    assert ours["truncation"] <= 0.05
    assert ours["worst_cell"] <= 0.07
    assert ours["reserved_per_used"] < 0.6 * found["fixed"]["reserved_per_used"]
    assert found["naive_q95"]["truncation"] > 0.08
    assert found["current"]["reserved_per_used"] == pytest.approx(3 * found["fixed"]["reserved_per_used"], rel=0.1)
    low, high = ours["truncation_interval"]
    assert low < ours["truncation"] < high


@pytest.mark.skipif(not SHARED.exists(), reason="PACKSIGHT_SHARED_DATA names no folder with output_lengths.csv.gz")
def test_the_recorded_trace_meets_what_is_promised() -> None:
    found = backtest(read_trace(SHARED, RULES), policies(4096, 0.05, lambda cell: 12288, RULES), 0.05)["policies"]
    ours = found["packsight"]
    assert ours["n"] == 28_185
    assert ours["truncation"] <= 0.05
    assert ours["worst_cell"] <= 0.07
    assert ours["reserved_per_used"] <= 2.5
    assert found["mean_x2"]["worst_cell"] > 0.07
    assert found["naive_q95"]["truncation"] > 0.05


def test_nothing_is_learned_from_what_a_budget_hid() -> None:
    """The budget of a call is chosen before its length is known, and only what it let through is seen."""

    class Spy(Fixed):
        def __init__(self) -> None:
            super().__init__(lambda cell: 100)
            self.seen: list[tuple[int, bool]] = []

        def observe(self, cell: Cell, seen: object) -> None:
            self.seen.append((seen.length, seen.is_cut))  # type: ignore[attr-defined]

    spy = Spy()
    backtest([Call(CELL, 0, 50, False), Call(CELL, 1, 100, False), Call(CELL, 2, 500, False)], {"spy": spy}, 0.05)
    assert spy.seen == [(50, False), (100, False), (100, True)]


def test_calls_that_were_cut_off_score_only_below_their_cut() -> None:
    cut = [Call(CELL, 0, 500, True)]
    below = backtest(cut, {"x": Fixed(lambda cell: 100)}, 0.05)["policies"]["x"]
    assert (below["n"], below["truncation"], below["unscored"]) == (1, 1.0, 0)
    above = backtest(cut, {"x": Fixed(lambda cell: 900)}, 0.05)["policies"]["x"]
    assert (above["n"], above["truncation"], above["unscored"]) == (0, None, 1)


def test_figures_are_what_their_names_say() -> None:
    found = backtest([Call(CELL, 0, 50, False), Call(CELL, 1, 200, False)], {"x": Fixed(lambda cell: 100)}, 0.05)
    one = found["policies"]["x"]
    assert one["reserved_per_used"] == pytest.approx(200 / 150, abs=1e-4)
    assert one["pinball"] == pytest.approx((0.05 * 50 + 0.95 * 100) / 2)
    assert one["truncation"] == 0.5


@pytest.mark.parametrize("zipped", [False, True])
def test_trace_files_are_read_in_order_of_time(tmp_path: Path, zipped: bool) -> None:
    text = "trace,output_tokens,seconds,input_tokens,more\na,7,2.5,100,x\nb,8,0.5,9000,y\n\na,9,1,600,z\n"
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    calls = read_trace(path, RULES)
    assert [(call.cell.category, call.cell.complexity, call.length) for call in calls] == [
        ("b", ">=2048", 8),
        ("a", "<2048", 9),
        ("a", "<512", 7),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column"),
        ("trace,seconds\na,1\n", "input_tokens"),
        (HEAD, "no calls"),
        (HEAD + "a,1,2,x\n", "line 2"),
        (HEAD + "a,1,2,-3\n", "line 2"),
        (HEAD + "a,1\n", "line 2"),
        (HEAD + "a,nan,2,3\n", "line 2"),
        (HEAD + "a,1e400,2,3\n", "line 2"),
    ],
)
def test_files_that_are_no_trace_are_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_trace(path, RULES)


def test_damaged_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress((HEAD + "a,1,2,3\n" * 5000).encode())[:60])
    with pytest.raises(InputError, match="cannot be read"):
        read_trace(path, RULES)
    with pytest.raises(InputError, match="cannot be read"):
        read_trace(tmp_path / "none.csv", RULES)
