"""``packsight search``: the contract of its JSON, its table, its options and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.engine.walk.repos import git

SEARCH = ("search", "--model", "gpt-4o", "--budget", "2k", "--quiet")
KEYS = {"query", "intent", "confidence", "results", "token_report", "text"}
RESULT_KEYS = {"rank", "path", "start_line", "end_line", "symbol", "class", "score", "level", "tokens"}
REPORT_KEYS = {
    "model", "encoding", "method", "budget", "est_used", "actual", "reserve", "context_window", "quality", "intent",
    "query", "profile", "fits", "levels", "classes", "items", "excluded", "alternatives", "seconds",
}  # fmt: skip


@pytest.mark.parametrize("query", ["where is the total of an order computed?", "zzyzx"])
def test_the_json_holds_the_keys_of_the_contract(run: Run, shop: Path, query: str) -> None:
    answer = run(*SEARCH, "--json", query, shop).json
    assert set(answer) >= KEYS
    assert set(answer["token_report"]) >= REPORT_KEYS
    assert answer["query"] == query
    assert answer["intent"] == answer["token_report"]["intent"]
    assert all(set(result) >= RESULT_KEYS | {"why", "prices", "total"} for result in answer["results"])
    assert answer["token_report"]["actual"] <= answer["token_report"]["budget"] == 2000
    assert bool(answer["results"]) == bool(answer["text"]) == (query != "zzyzx")


def test_the_table_has_a_line_a_hit(run: Run, shop: Path) -> None:
    ran = run(*SEARCH, "Order.total", shop, "--limit", "2")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith("intent symbol")
    assert lines[1].split()[:4] == ["#", "score", "place", "symbol"]
    assert "Order.total" in lines[2]
    assert len(lines) == 5


def test_no_match_is_a_line_and_no_failure(run: Run, shop: Path) -> None:
    ran = run(*SEARCH, "zzyzx", shop)
    assert ran.code == 0
    assert ran.out.startswith("no match for 'zzyzx'")
    assert len(ran.out.splitlines()) == 1


def test_the_pack_goes_where_it_is_wanted(run: Run, shop: Path, tmp_path: Path) -> None:
    answer = run(*SEARCH, "--json", "Order.total", shop).json
    run(*SEARCH, "Order.total", shop, "-o", tmp_path / "pack.md")
    assert (tmp_path / "pack.md").read_text("utf-8") == answer["text"]
    assert run(*SEARCH, "Order.total", shop, "-o", "-").out == answer["text"]


def test_other_names_of_options_and_the_token_report(run: Run, shop: Path) -> None:
    ran = run("search", "total", shop, "--target-model", "gpt-4o", "--token-budget", "2k", "--token-report", "--json")
    assert ran.json["token_report"]["model"] == "gpt-4o"
    assert "of 2,000 tokens" in ran.err


def test_a_query_may_come_from_a_file_or_stdin(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "issue.txt").write_text("Order.total\n", "utf-8")
    by_file = run(*SEARCH, "--json", "--query-file", tmp_path / "issue.txt", shop).json
    by_stdin = run(*SEARCH, "--json", "--query-file", "-", shop, stdin=b"Order.total\n").json
    assert by_file["results"] == by_stdin["results"]
    assert by_file["results"][0]["symbol"] == "Order.total"


def test_an_intent_may_be_chosen(run: Run, shop: Path) -> None:
    answer = run(*SEARCH, "--json", "--intent", "config", "total", shop).json
    assert (answer["intent"], answer["confidence"]) == ("config", 1.0)


def test_hostile_names_and_queries_are_made_visible(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "odd"
    root.mkdir()
    (root / "a\x1b[31m\nledger.py").write_text("def ledger():\n    return 'ledger'\n", "utf-8")
    ran = run(*SEARCH, "ledger\x1b[2J", root)
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    assert "ledger.py" in ran.out
    assert "\x1b" not in run(*SEARCH, "zz\x1b[2J", root).out
    json.loads(run(*SEARCH, "--json", "ledger\x1b", root).out)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "the query is missing"),
        (("",), 2, "the query is missing"),
        (("a", ".", "--query-file", "b"), 2, "exclude each other"),
        (("a", "--intent", "guess"), 2, "guess"),
        (("a", "--limit", "0"), 2, "limit"),
        (("a", "--json", "-o", "-"), 2, "stdout"),
        (("a", "missing-folder"), 3, "missing-folder"),
        (("--query-file", "missing.txt"), 3, "missing.txt"),
    ],
)
def test_bad_usage_is_told_in_a_line_or_two(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    ran = run(*SEARCH, *words)
    assert ran.code == code
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_a_budget_that_holds_nothing_ends_in_its_own_code(run: Run, shop: Path) -> None:
    assert run("search", "total", shop, "--model", "gpt-4o", "--budget", "5", "--quiet").code == 4


def test_a_change_is_a_query_of_its_own(run: Run, shop: Path) -> None:
    git(shop, "commit", "-q", "--allow-empty", "-m", "more")
    money = shop / "shop" / "money.py"
    money.write_text(money.read_text("utf-8").replace("self.cents + other.cents", "other.cents + self.cents"), "utf-8")
    answer = run(*SEARCH, "--diff", "HEAD", shop, "--json").json
    assert answer["results"][0]["symbol"] == "Money.__add__"
    assert answer["token_report"]["diff"]["files"][0]["path"] == "shop/money.py"
    assert answer["text"]
    both = run(*SEARCH, "to_json", shop, "--diff", "HEAD", "--json").json
    assert both["query"] == "to_json"
    assert {"Money.__add__", "Order.to_json"} <= {result["symbol"] for result in both["results"]}


def test_a_revision_that_is_none_names_the_nearest(run: Run, shop: Path) -> None:
    for words in ((*SEARCH, "total", shop), ("pack", shop, "--quiet")):
        ran = run(*words, "--diff", "mian")
        assert (ran.code, ran.out) == (3, "")
        assert "Nearest: main" in ran.err
        assert len(ran.err.splitlines()) == 2


def test_nothing_changed_is_a_line(run: Run, shop: Path) -> None:
    ran = run(*SEARCH, "--diff", "HEAD", shop)
    assert (ran.code, ran.out) == (0, "nothing changed since HEAD\n")
