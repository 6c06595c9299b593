"""The app with the real engine on a small real repository: what it shows, keeps and writes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import OptionList

import tui.__main__
from engine.cli.inspect import _open_app
from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.request import PackRequest
from tests.engine.walk.repos import write
from tests.sample import make_repository
from tests.tui.drawn import drawn
from tests.tui.driving import Drive, driven
from tui.app import PacksightApp
from tui.setup import Setup
from tui.text import number, percent
from tui.widgets.level_matrix import LevelMatrix
from tui.widgets.pack_summary import PackSummary
from tui.widgets.report_line import ReportLine

MakeSetup = Callable[..., Setup]


@pytest.fixture
def make_setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSetup:
    """Make what the command line starts the app with, about a repository that is there after the first call."""
    root = tmp_path / "shop"

    def make(**flags: Any) -> Setup:
        if not root.exists():
            make_repository(root)
        setups: list[Setup] = []

        def take(setup: Setup) -> int:
            setups.append(setup)
            return 0

        monkeypatch.setattr(tui.__main__, "open_app", take)
        names = ("model", "budget", "profile", "db", "include", "exclude", "submodules")
        assert _open_app(str(root), None, {name: flags.get(name) for name in names}, "", no_cache=False) == 0
        return setups[0]

    return make


def packed(request: PackRequest) -> Any:
    """What ``packsight pack`` makes of the request."""
    with Inspector() as inspector:
        return inspector.pack(request)


def scanned(request: PackRequest) -> dict[str, Any]:
    """What ``packsight scan --json`` says."""
    with Inspector() as inspector:
        return inspector.scan(request.scan)


def without_clock(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what differs from run to run."""
    kept: dict[str, Any] = json.loads(json.dumps(report))
    return {key: value for key, value in kept.items() if key not in ("seconds", "cache")}


async def settled_again(drive: Drive) -> None:
    """Wait until the request in force has its text."""

    def done() -> bool:
        settled = drive.app.state.settled
        return settled is not None and settled.pack.request == drive.request

    await drive.until(done, "the pack in force is settled")
    await drive.rest()


@pytest.mark.asyncio
async def test_every_number_on_the_screen_is_that_of_the_command_line(make_setup: MakeSetup) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="600"), (200, 60)) as drive:
        pack, scan = packed(drive.request), scanned(drive.request)
        report, settled = pack.report, drive.app.state.settled
        assert settled is not None
        assert without_clock(settled.report) == without_clock(report)
        assert settled.text == pack.text
        line = " ".join(drawn(drive.find(ReportLine)))
        for said in (number(report["actual"]), number(report["budget"]), number(report["est_used"]),
                     percent(report["quality"]), report["method"]):  # fmt: skip
            assert said in line
        title = str(drive.tree.border_subtitle)
        assert f"{number(scan['files'])} files · {number(scan['chunks'])} chunks" in title
        matrix = drive.find(LevelMatrix)
        rows = {row.name: row for row in matrix._table}
        assert list(matrix._table[-1].costs) == [one["tokens"] for one in report["alternatives"]]
        for name, facts in scan["classes"].items():
            assert rows[name].costs[0] == facts["tokens"]
        shown = "\n".join(drawn(matrix))
        for one in report["alternatives"]:
            assert number(one["tokens"]) in shown
        await drive.press("p")
        summary = "\n".join(drawn(drive.find(PackSummary)))
        for one in report["levels"].values():
            assert number(one["tokens"]) in summary


@pytest.mark.asyncio
async def test_what_is_tuned_and_saved_is_there_at_the_next_start(make_setup: MakeSetup) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="2000")) as drive:
        await drive.press("plus", "down", "space", "w", "right", "right", "enter")
        await settled_again(drive)
        tuned = drive.request
        assert tuned.tuning.weights[ChunkClass.CODE] > 0
        assert len(tuned.tuning.pins) == 1
        assert tuned.budget != "2000"
        await drive.press("f")
        await drive.until(lambda: drive.find(OptionList).option_count == 1, "the profiles are read")
        await drive.press("s")
        await drive.type("lean")
        await drive.press("enter")
        await drive.until(lambda: drive.request.profile == "lean", "it is saved")
        await drive.press("q")
        assert drive.app._exit
    async with driven(make_setup(model="gpt-5.5")) as drive:
        again = drive.request
        assert (again.profile, again.tuning, again.budget) == ("lean", tuned.tuning, tuned.budget)
        assert drive.app.state.settled is not None
        assert drive.app.state.settled.report["profile"] == "lean"
        await drive.press("f")
        await drive.until(lambda: drive.find(OptionList).option_count == 2, "the profile is listed")
        await drive.press("q")
        assert drive.app._exit


@pytest.mark.asyncio
async def test_a_profile_is_written_into_the_repository(make_setup: MakeSetup) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="2000")) as drive:
        await drive.press("plus", "down", "x")
        await drive.press("f", "x")
        file = drive.request.scan.path / ".packsight.toml"
        await drive.until(file.exists, "the file is written")
        await settled_again(drive)
        written = tomllib.loads(file.read_text())
    assert str(drive.request.budget) in json.dumps(written)
    assert drive.tuning.excludes[0] in json.dumps(written)


@pytest.mark.asyncio
async def test_a_file_that_changes_is_seen_without_losing_the_place(make_setup: MakeSetup) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="600")) as drive:
        root = drive.request.scan.path
        await drive.press("end")
        while drive.tree.place is None:
            await drive.press("up")
        place = drive.selected
        before = drive.app.state.chart
        assert before is not None
        tries = iter(range(10_000))

        def seen() -> object:
            # The watcher begins some time after the app.
            write(root, {f"shop/new_{next(tries) // 50}.py": "def added() -> int:\n    return 1\n"})
            chart = drive.app.state.chart
            return chart is not None and chart is not before and drive.app.state.settled is not None

        await drive.until(seen, "the new file is there")
        await settled_again(drive)
        chart = drive.app.state.chart
        assert chart is not None
        assert any(row.path == "shop/new_0.py" for row in chart.columns.files)
        assert drive.selected == place
        assert drive.app.focused is drive.tree


@pytest.mark.asyncio
async def test_another_model_counts_anew(make_setup: MakeSetup) -> None:
    async with driven(make_setup(model="gpt-5.5", budget="600")) as drive:
        first = drive.app.state.settled
        assert first is not None
        await drive.press("m")
        await drive.type("claude-opus")
        await drive.press("enter")
        await drive.until(lambda: "claude" in drive.request.scan.model, "the other model is asked for")
        await settled_again(drive)
        second = drive.app.state.settled
        assert second is not None
        assert second.report["encoding"] != first.report["encoding"]
        assert without_clock(second.report) == without_clock(packed(drive.request).report)
        assert str(second.report["context_window"]) == str(drive.app.state.context_window)


@pytest.mark.asyncio
async def test_what_is_copied_and_saved_is_the_text_of_the_pack(
    make_setup: MakeSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = make_setup(model="gpt-5.5", budget="600")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with driven(setup) as drive:
        for key, form in (("1", "xml"), ("2", "markdown"), ("3", "json"), ("4", "plain")):
            await drive.press("p", key)
            await settled_again(drive)
            assert drive.request.format == form
            text = packed(drive.request).text
            await drive.press("y")
            assert drive.app.clipboard == text
            await drive.press("w")
            await drive.type(f"out.{form}")
            await drive.press("enter")
            assert (folder / f"out.{form}").read_bytes() == text.encode()


def test_the_app_is_what_the_command_line_opens(make_setup: MakeSetup) -> None:
    assert isinstance(PacksightApp(make_setup()).state.request, PackRequest)
