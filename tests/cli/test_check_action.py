"""``action.yml``: every step of it is run."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.github import ActionRun, run_action
from tests.cli.offline import installing, product
from tests.engine.walk.repos import commit, git, write
from tests.sample import make_repository

pytestmark = pytest.mark.slow
LARGE = "".join(f"value{number} = {number}\n" for number in range(400))


@dataclass
class Runner:
    """A machine of GitHub's with a shallow checkout of a branch that grew."""

    source: Path
    """The action."""
    origin: Path
    checkout: Path
    base: str
    temp: Path
    variables: dict[str, str]

    def run(self, event: dict[str, Any], **inputs: str) -> ActionRun:
        """Run the action."""
        self.temp.mkdir(exist_ok=True)
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        given = {"python": sys.executable, **named}
        return run_action(self.source, self.checkout, self.temp, given, event, **self.variables)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    origin = make_repository(tmp_path / "origin")
    base = git(origin, "rev-parse", "HEAD")
    git(origin, "switch", "-q", "-c", "grow")
    # A checkout whose modules are called as those of Python's that the action needs.
    taken = {
        name: f"open({str(tmp_path / 'taken')!r}, 'w')\n" for name in ("json.py", "venv.py", "pip.py", "msgpack.py")
    }
    write(origin, {**taken, "$(touch taken);large.py": LARGE, "::stop-commands::x\n##[group].py": LARGE})
    commit(origin, "more")
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=grow", f"file://{origin}", "checkout")
    variables = {**installing(tmp_path / "packages"), "PACKSIGHT_CACHE_DIR": str(tmp_path / "cache")}
    return Runner(product(tmp_path / "source"), origin, tmp_path / "checkout", base, tmp_path / "temp", variables)


def test_a_pull_request_that_grows_too_much_fails_with_annotations_a_summary_and_outputs(
    runner: Runner, tmp_path: Path
) -> None:
    event = {"pull_request": {"base": {"sha": runner.base}}}
    outputs = {"sarif": str(tmp_path / "check.sarif"), "junit": str(tmp_path / "check.xml")}
    failed = runner.run(
        event, max_growth="5%\n1k\n", max_file="*.py=100\n*.md=9k", cache_dir=str(tmp_path / "own"), **outputs
    )
    assert failed.code == 1, failed.log
    report = json.loads(Path(failed.outputs["report"]).read_text("utf-8"))
    assert report["base"]["revision"] == runner.base
    assert failed.outputs["passed"] == "false"
    assert failed.outputs["violations"] == str(len(report["violations"]))
    assert (failed.outputs["tokens"], failed.outputs["growth"]) == (
        str(report["tokens"]),
        str(report["growth"]["tokens"]),
    )
    lines = failed.log.splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(report["violations"])
    assert all(line.startswith("::error ") for line in commands)
    assert any("file=$(touch taken);large.py,line=1," in line for line in commands)
    # In an annotation the name of the file stays what it is, for GitHub looks for it.
    assert not any("##[" in line for line in lines if line not in commands)
    assert not any("##[" in line.partition(",line=")[2] for line in commands)
    assert failed.summary.startswith("## packsight check: failed")
    assert "Biggest growers" in failed.summary
    assert json.loads((tmp_path / "check.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "check.xml").read_text("utf-8").startswith("<?xml")
    assert (tmp_path / "own" / "blobs.db").exists()
    assert not (tmp_path / "taken").exists()
    assert not (runner.checkout / "taken").exists()

    # A second time in the same job: what holds passes, and a new branch has no growth.
    passed = runner.run({"before": "0" * 40}, max_total="1M", max_growth="1", annotations="false")
    assert passed.code == 0, passed.log
    assert (passed.outputs["passed"], passed.outputs["growth"]) == ("true", "")
    assert "not checked, for there is no base" in passed.log
    assert "::" not in [line[:2] for line in passed.log.splitlines()]
    assert passed.summary.startswith("## packsight check: passed")


def test_hostile_inputs_are_values_and_never_commands(runner: Runner, tmp_path: Path) -> None:
    touch = f"touch {tmp_path}/taken"
    hostile = f"$({touch})`{touch}`\"; {touch}; '\n{touch}\n--help"
    names = ("path", "model", "max_total", "max_file", "pack", "sarif", "junit", "cache_dir", "annotations", "summary")
    ran = runner.run({"before": hostile}, **dict.fromkeys(names, hostile))
    assert ran.code in (2, 3), ran.log
    assert ran.log.strip()
    assert not (tmp_path / "taken").exists()
    assert not (runner.checkout / "taken").exists()
