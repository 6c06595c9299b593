"""Calibration with the real engine and a real database: what the app does is what the commands show."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run
from tests.cli.test_calibrate_command import budget, recorded
from tests.tui.driving import Drive, driven
from tests.tui.test_calibration_screen import cells, opened, screen
from tests.tui.test_real import make_setup as make_setup
from tests.tui.test_reserve import choose, part
from tui.setup import Setup
from tui.widgets.window_parts import ANSWER

pytestmark = pytest.mark.asyncio


@pytest.fixture
def run() -> Run:
    """Run the command as people do: the app that is open at the same time has this process's own stdout."""

    def run_command(*words: str, stdin: bytes = b"") -> Ran:
        done = subprocess.run([sys.executable, "-m", "engine", *words], input=stdin, capture_output=True, check=True)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_command


def moves(drive: Drive) -> int:
    """Changes of the estimator that the screen knows."""
    facts = screen(drive).facts
    return 0 if facts is None else len(facts.history)


async def test_what_is_accepted_is_in_history_and_estimate_and_is_rolled_back(
    run: Run, make_setup: Callable[..., Setup], tmp_path: Path
) -> None:
    plain: dict[str, Any] = {"actual_max_tokens": 4096, "actual_output_tokens": 700, "truncated": False}
    run("telemetry", "record", "-", stdin=recorded(200, **plain))
    run("telemetry", "record", "-", stdin=recorded(60, source="other", category="tests", **plain))
    printed = {one["cell"]: one for one in run("calibrate", "--json").json["proposals"]}
    async with driven(make_setup(model="gpt-5.5", budget="600")) as drive:
        await choose(drive, "docs", "low")
        assert part(drive, ANSWER) == budget(run)["actual_max_tokens"] == 4096
        await opened(drive)
        for name, cell in cells(drive).items():
            one = printed[name]
            assert (cell.samples, cell.current_tokens, cell.budget_tokens, cell.truncation) == (
                one["samples"], one["current"], one["budget"], one["projected"]["truncation"],
            )  # fmt: skip
            assert [list(point) for point in cell.curve] == one["curve"]
        assert list(cells(drive)) == ["docs/low/openai/gpt-5", "tests/low/openai/gpt-5"]
        await drive.press("a")
        await drive.until(lambda: moves(drive) == 1, "it is applied")
        await drive.rest()
        history = run("calibrate", "--history", "--json").json
        assert [(move["action"], move["note"]) for move in history] == [("apply", "docs/low/openai/gpt-5")]
        learned = budget(run)
        assert learned["selected_budget"] == printed["docs/low/openai/gpt-5"]["budget"] < 4096
        assert learned["estimator_version"] == history[0]["version"]
        await drive.press("i")
        assert part(drive, ANSWER) == learned["actual_max_tokens"]
        await drive.press("C", "b")
        await drive.press("b", "r", "r")
        await drive.until(lambda: moves(drive) == 2, "it is rolled back")
        await drive.rest()
        assert budget(run)["selected_budget"] == 4096
        await drive.press("i")
        assert part(drive, ANSWER) == 4096
    assert [move["action"] for move in run("calibrate", "--history", "--json").json] == ["apply", "rollback"]


async def test_what_is_kept_free_is_the_reserve_that_the_command_packs_with(
    run: Run, make_setup: Callable[..., Setup]
) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="600")) as drive:
        await choose(drive, "docs", "low", keep=True)
        await drive.until(
            lambda: drive.app.state.settled is not None and drive.app.state.settled.pack.request == drive.request,
            "the pack is settled",
        )
        settled = drive.app.state.settled
        assert settled is not None
        assert settled.report["reserve"] == budget(run)["actual_max_tokens"] == 4096


async def test_without_a_database_there_is_nothing_and_none_is_made(
    run: Run, make_setup: Callable[..., Setup], tmp_path: Path
) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="600")) as drive:
        await opened(drive)
        assert cells(drive) == {}
        assert screen(drive).facts is not None
        await drive.press("b", "a", "A", "r")
    assert run("calibrate", "--history", "--json").json == []
