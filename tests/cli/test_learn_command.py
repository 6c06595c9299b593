"""Packs remembered, marked and learned from, through the real commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.engine.usecases.learn_repos import edited_history

LEARN = ("--commits", "16", "--query", "none", "-b", "5000", "-m", "gpt-4o", "-q")


@pytest.fixture
def tested(tmp_path: Path) -> Path:
    return edited_history(tmp_path / "r", ["test"], 16)


def test_learn_apply_and_go_back(run: Run, tested: Path) -> None:
    shown = run("profile", "learn", tested, *LEARN)
    assert shown.code == 0
    assert "100% of what was wanted" in shown.out
    assert "nothing is saved yet" in shown.out
    assert run("profile", "list", tested, "-m", "gpt-4o", "--json").json["profiles"] == []
    applied = run("profile", "learn", tested, *LEARN, "--apply", "--json").json
    assert applied["later"]["is_gain"]
    assert applied["applied"]["version"] == 1
    weights = {move["class"]: move["after"] for move in applied["moves"]}
    in_use = run("profile", "show", tested / ".", "-m", "gpt-4o", "--json").json["profile"]
    assert (in_use["name"], in_use["active"], in_use["pack"]["weights"]) == ("learned", True, weights)
    run("profile", "set", "weights.tests=3", tested / ".", "-m", "gpt-4o")
    back = run("profile", "use", "learned@1", tested, "-m", "gpt-4o", "--json").json["profile"]
    assert (back["version"], back["active"], back["pack"]["weights"]) == (3, True, weights)
    assert run("profile", "use", "learned@9", tested, "-m", "gpt-4o").code == 3


def test_what_is_no_gain_is_not_applied(run: Run, tmp_path: Path) -> None:
    repo = edited_history(tmp_path / "r", ["code", "code", "test"], 16)
    refused = run("profile", "learn", repo, *LEARN, "--apply")
    assert refused.code == 1
    assert "refused: " in refused.out
    assert run("profile", "learn", repo, *LEARN).code == 0
    assert run("profile", "list", repo, "-m", "gpt-4o", "--json").json["profiles"] == []


def test_a_pack_is_remembered_expanded_and_marked(run: Run, shop: Path, own_directories: Path) -> None:
    report = run("pack", shop, "-b", "500", "-m", "gpt-4o", "--json").json["report"]
    degraded = next(item for item in report["items"] if 0 < item["level"] < 5)
    place = f"{degraded['path']}:{degraded['start_line']}-{degraded['end_line']}"
    assert run("show", f"{shop}/{place}").code == 0
    assert not (own_directories / "data" / "packsight.db").exists()
    # Neither text nor a class of its own: places, levels and ids.
    waiting = list((own_directories / "data" / "pack-outcomes").rglob("*.json.z"))
    assert len(waiting) == 2
    listed = run("profile", "outcome", f"{shop}/", "--json").json
    assert [one["pack_id"] for one in listed] == [report["pack_id"]]
    assert [mark["what"] for mark in listed[0]["marks"]] == ["expanded"]
    assert listed[0]["marks"][0]["path"] == degraded["path"]
    words = ("profile", "outcome", report["pack_id"][:8], f"{shop}/")
    marked = run(*words, "--useful", place, "--useless", place, "--sent-tokens", "512", "--json").json
    assert sorted(mark["what"] for mark in marked["marks"]) == ["expanded", "useful", "useless"]
    assert marked["sent"] == 512
    assert "1 expanded" in run("profile", "outcome", f"{shop}/").out
    assert run(*words, "--useful", "shop/nowhere.py").code == 3
    assert run("profile", "outcome", "abc", f"{shop}/").code == 2
    assert run("profile", "outcome", "abcdef01", f"{shop}/").code == 3
    assert run("profile", "outcome", "--useful", place).code == 2


def test_parts_and_searches_are_remembered_too(run: Run, shop: Path, tmp_path: Path) -> None:
    found = run("search", "total of an order", shop, "-b", "500", "--json").json["token_report"]
    assert run("search", "zzqxv", shop, "--json").json["results"] == []
    run("pack", shop, "--split", "300", "-q", "--report", tmp_path / "report.json")
    parts = json.loads((tmp_path / "report.json").read_text("utf-8"))
    listed = run("profile", "outcome", f"{shop}/", "--json").json
    assert [one["pack_id"] for one in listed] == [parts["pack_id"], found["pack_id"]]
    assert [(one["query"], one["actual"]) for one in listed] == [(False, parts["actual"]), (True, found["actual"])]
    # All of the parts is in full.
    assert listed[0]["shown"] == {"0": parts["levels"]["0"]["chunks"]}


@pytest.mark.parametrize("words", [("--no-record",), ("--no-cache",)])
def test_nothing_is_remembered_where_nobody_wants_it(
    run: Run, shop: Path, own_directories: Path, words: tuple[str, ...]
) -> None:
    report = run("pack", shop, "-b", "500", "--json", *words).json["report"]
    assert "pack_id" not in report
    assert not (own_directories / "data").exists()


def test_the_variable_switches_it_off(
    run: Run, shop: Path, own_directories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKSIGHT_RECORD", "0")
    run("pack", shop, "-b", "500")
    assert not (own_directories / "data").exists()


def test_remembering_opens_no_database_library(shop: Path) -> None:
    code = (
        "import sys\nfrom engine.cli.app import main\ncode = main(['pack', sys.argv[1], '-q', '-o', sys.argv[2]])\n"
        "print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(shop), str(shop / "pack.md")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
