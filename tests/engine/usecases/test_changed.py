"""Packs for a change: the changed parts in full, what they touch raised, the rest of the repository around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import BudgetTooSmall, InputError
from engine.inspector import Inspector
from engine.render import FORMATS
from engine.request import PackRequest, ScanRequest, Tuning
from engine.tokens import tokenizer
from tests.engine.walk.repos import commit, git, make, write

MODEL = "gpt-4o"
NAMES = ("invoice", "parser", "socket", "palette", "ledger", "schedule")


def module(name: str, uses: str = "", extra: str = "") -> str:
    call = f"    {uses}_total({name}_7)\n" if uses else ""
    body = "".join(f"    {name}_{step} = given.read_{name}_{step}({step})\n" for step in range(8))
    top = f"from shop.{uses} import {uses}_total\n\n\n" if uses else ""
    return (
        f"{top}def {name}_total(given):\n{body}{call}    return {name}_0\n\n\n"
        f"def {name}_count(given):\n{body}    return {name}_1{extra}\n"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {f"shop/{name}.py": module(name) for name in NAMES}
    files["shop/report.py"] = module("report", uses="ledger")
    files["tests/test_ledger.py"] = (
        "from shop.ledger import ledger_total\n\n\ndef test_ledger_total():\n    assert ledger_total(3)\n"
    )
    files["shop/old.py"] = module("old")
    files["logo.bin"] = b"\0\1"
    return make(tmp_path / "repo", files)


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(cache_path=tmp_path / "blobs.db")


def packed(inspector: Inspector, repo: Path, budget: int = 1000, rev: str | None = None, **wishes: Any) -> Any:
    wishes.setdefault("diff", "HEAD")
    return inspector.pack(PackRequest(ScanRequest(repo, MODEL, rev=rev), budget, **wishes))


def levels(report: dict[str, Any]) -> dict[str, int]:
    return {item["symbol"]: item["level"] for item in report["items"] if item["symbol"]}


def change_ledger(repo: Path) -> None:
    text = (repo / "shop/ledger.py").read_text("utf-8")
    (repo / "shop/ledger.py").write_text(text.replace("ledger_3 = given", "ledger_3 = -given", 1), "utf-8")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("budget", [450, 1000, 50_000])
def test_the_budget_holds_and_what_changed_is_there_in_full(
    inspector: Inspector, repo: Path, name: str, budget: int
) -> None:
    change_ledger(repo)
    found = packed(inspector, repo, budget, format=name)
    assert found.report["actual"] == tokenizer("o200k_base").count(found.text) <= budget
    assert levels(found.report)["ledger_total"] == 0
    assert "ledger_3 = -given" in found.text
    assert "M shop/ledger.py +1 -1" in found.text
    assert found.report["coverage"]["files_left_out"] == 0
    told = found.report["diff"]
    assert (told["revision"], told["base"]) == ("HEAD", git(repo, "rev-parse", "HEAD"))
    assert told["files"] == [{"path": "shop/ledger.py", "kind": "modified", "old_path": "", "added": 1, "removed": 1}]
    assert told["chunks"] == 1
    assert told["levels"] == {"0": 1}


def test_hunks_decide_and_not_files(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    found = packed(inspector, repo)
    reasons = {item["symbol"]: item["reason"] for item in found.report["items"]}
    assert reasons["ledger_total"] == "full: it changed"
    assert "it changed" not in reasons.get("ledger_count", "")
    assert found.report["diff"]["chunks"] == 1


def test_callers_and_tests_of_what_changed_are_raised(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    found = packed(inspector, repo, 800)
    values = {item["symbol"]: item["value"] for item in found.report["items"]}
    without = packed(inspector, repo, 800, diff="")
    before = {item["symbol"]: item["value"] for item in without.report["items"]}
    for name in ("report_total", "test_ledger_total"):
        (reason,) = (item["reason"] for item in found.report["items"] if item["symbol"] == name)
        assert reason.endswith("; it uses what changed")
        assert values[name] > before.get(name, 0.0)
    assert levels(found.report)["report_total"] <= levels(without.report).get("report_total", 6)


def test_definitions_that_changed_code_uses_are_raised(inspector: Inspector, repo: Path) -> None:
    write(repo, {"shop/report.py": module("report", uses="ledger").replace("report_2 = given", "report_2 = -given", 1)})
    found = packed(inspector, repo)
    (reason,) = (item["reason"] for item in found.report["items"] if item["symbol"] == "ledger_total")
    assert reason.endswith("; what changed uses it")


def test_what_is_gone_new_moved_binary_or_untracked_is_named(inspector: Inspector, repo: Path) -> None:
    (repo / "shop/old.py").unlink()
    git(repo, "mv", "shop/palette.py", "shop/colours.py")
    write(repo, {"logo.bin": b"\0\2", "shop/fresh.py": module("fresh")})
    found = packed(inspector, repo, 2000)
    lines = [line.strip('",') for line in found.text.splitlines()]
    assert "D shop/old.py -22" in lines
    assert "R shop/palette.py -> shop/colours.py" in lines
    assert "A shop/fresh.py +22" in lines
    assert "M logo.bin (no lines compared)" in lines
    assert {levels(found.report)[name] for name in ("fresh_total", "fresh_count")} == {0}


def test_a_revision_can_be_packed_against_another(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    commit(repo)
    write(repo, {"shop/parser.py": "nothing = 1\n"})
    found = packed(inspector, repo, rev="HEAD", diff="HEAD~1")
    assert [file["path"] for file in found.report["diff"]["files"]] == ["shop/ledger.py"]
    assert "nothing = 1" not in found.text


def test_a_change_that_is_larger_than_the_budget_is_degraded_and_not_refused(inspector: Inspector, repo: Path) -> None:
    write(repo, {f"shop/{name}.py": module(name, extra=" + 1") + module(f"{name}x") for name in NAMES})
    found = packed(inspector, repo, 700)
    assert found.report["actual"] <= 700
    assert found.report["diff"]["chunks"] > found.report["diff"]["levels"].get("0", 0) > 0


def test_the_list_of_changes_does_not_crowd_out_the_change(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    write(repo, {f"notes/{number}.txt": f"note {number}\n" for number in range(300)})
    found = packed(inspector, repo, 1000)
    assert "more files changed" in found.text
    assert levels(found.report)["ledger_total"] == 0
    assert len(found.report["diff"]["files"]) == 301


def test_wishes_about_paths_go_before_the_change(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    pinned = packed(inspector, repo, tuning=Tuning(pins=(("shop/ledger.py", 3),)))
    assert levels(pinned.report)["ledger_total"] == 3
    omitted = packed(inspector, repo, tuning=Tuning(excludes=("shop/ledger.py",)))
    assert "ledger_total" not in levels(omitted.report)


def test_the_smallest_budget_that_is_named_works_for_a_change(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    with pytest.raises(BudgetTooSmall) as caught:
        packed(inspector, repo, 20)
    assert packed(inspector, repo, caught.value.smallest_tokens).report["fits"]


def test_nothing_changed_is_a_pack_like_any_other(inspector: Inspector, repo: Path) -> None:
    found = packed(inspector, repo)
    assert found.report["diff"]["files"] == []
    assert "nothing changed" in found.text
    assert found.report["actual"] >= 0.9 * 1000


def test_an_unknown_revision_is_input_that_cannot_be_used(inspector: Inspector, repo: Path) -> None:
    with pytest.raises(InputError) as caught:
        packed(inspector, repo, diff="mian")
    assert (caught.value.exit_code, caught.value.hint) == (3, "Nearest: main")


def test_a_query_and_a_change_go_together(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    found = packed(inspector, repo, query="how does the socket count?")
    assert {levels(found.report)[name] for name in ("ledger_total", "socket_count")} == {0}


def searched(inspector: Inspector, repo: Path, query: str = "", diff: str = "HEAD", budget: int = 1000) -> Any:
    return inspector.search(PackRequest(ScanRequest(repo, MODEL), budget, query=query, diff=diff))


def test_a_search_for_a_change_lists_it_and_what_it_touches(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    found = searched(inspector, repo)
    names = [hit.symbol for hit in found.hits]
    assert names[0] == "ledger_total"
    assert set(names) == {"ledger_total", "report_total", "test_ledger_total", ""}  # the last: imports
    assert found.hits[0].level == 0
    assert "M shop/ledger.py +1 -1" in found.text
    assert found.report["diff"]["chunks"] == 1
    for hit in found.hits:
        assert sum(hit.why.values()) == pytest.approx(hit.score, abs=1e-4)


def test_a_search_with_a_query_ranks_what_changed_first(inspector: Inspector, repo: Path) -> None:
    change_ledger(repo)
    names = [hit.symbol for hit in searched(inspector, repo, "socket_count").hits]
    assert names[0] == "ledger_total"
    assert "socket_count" in names
    assert searched(inspector, repo, "socket_count", diff="").hits[0].symbol == "socket_count"


def test_a_search_where_nothing_changed_finds_nothing(inspector: Inspector, repo: Path) -> None:
    found = searched(inspector, repo)
    assert (found.hits, found.text) == ((), "")
    assert found.report["diff"]["files"] == []
    assert found.report["coverage"]["files_left_out"] == found.report["coverage"]["files_in_scope"]
