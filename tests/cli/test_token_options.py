"""``--target-model``, ``--token-budget`` and ``--token-report`` mean the same wherever they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.tokens import tokenizer
from tests.cli.conftest import Run

MODELS = {"gpt-4o": "o200k_base", "gpt-4": "cl100k_base", "claude-opus-4-5": "claude-3"}
PACKING = {
    "pack": ("pack", "{shop}"),
    "pack for a query": ("pack", "{shop}", "--query", "what does an order cost?"),
    "pack for a change": ("pack", "{shop}", "--diff", "HEAD"),
    "search": ("search", "what does an order cost?", "{shop}"),
    "search for a change": ("search", "total", "{shop}", "--diff", "HEAD"),
}


def words(name: str, shop: Path) -> tuple[str, ...]:
    return tuple(word.format(shop=shop) for word in PACKING[name])


def report_of(answer: Any) -> Any:
    return answer.get("token_report") or answer["report"]


@pytest.mark.parametrize("name", PACKING)
@pytest.mark.parametrize(("model", "encoding"), MODELS.items())
def test_the_model_counts_and_the_budget_holds(run: Run, shop: Path, name: str, model: str, encoding: str) -> None:
    answer = run(*words(name, shop), "--target-model", model, "--token-budget", "350", "--json", "--quiet").json
    report = report_of(answer)
    assert (report["model"], report["encoding"], report["budget"]) == (model, encoding, 350)
    assert report["actual"] == tokenizer(encoding).count(answer["text"]) <= 350
    assert answer["text"].startswith("<pack" if model.startswith("claude") else "# Pack")
    short = run(*words(name, shop), "-m", model, "-b", "350", "--json", "--quiet").json
    assert short["text"] == answer["text"]


@pytest.mark.parametrize("name", PACKING)
def test_the_token_report_goes_to_stderr_and_leaves_stdout_alone(run: Run, shop: Path, name: str) -> None:
    plain = run(*words(name, shop), "-m", "gpt-4o", "-b", "400", "--json", "--quiet")
    told = run(*words(name, shop), "-m", "gpt-4o", "-b", "400", "--json", "--quiet", "--token-report")
    report = report_of(told.json)
    assert plain.err == ""
    assert told.err.startswith(f"packed    {report['actual']:,} of 400 tokens")
    assert "coverage" in told.err
    assert told.json["text"] == plain.json["text"]


@pytest.mark.parametrize("name", PACKING)
@pytest.mark.parametrize(("budget", "code"), [("100M", 2), ("lots", 2), ("0", 2), ("12", 4)])
def test_budgets_that_cannot_be_are_refused_alike(run: Run, shop: Path, name: str, budget: str, code: int) -> None:
    ran = run(*words(name, shop), "--target-model", "gpt-4o", "--token-budget", budget, "--quiet")
    assert (ran.code, ran.out) == (code, "")
    assert 1 <= len(ran.err.splitlines()) <= 2


def test_a_model_that_is_none_names_the_nearest(run: Run, shop: Path) -> None:
    for name in PACKING:
        ran = run(*words(name, shop), "--target-model", "gpt-4p", "--quiet")
        assert ran.code == 3
        assert "gpt-4" in ran.err.splitlines()[1]


def test_both_sides_of_a_diff_have_the_model_and_what_names_no_budget_has_the_one_given(run: Run, shop: Path) -> None:
    ran = run(
        "diff", "now", "500", shop, "--target-model", "gpt-4", "--token-budget", "350", "--json", "--token-report"
    )
    sides = [ran.json[side] for side in ("left", "right")]
    assert [(side["model"], side["budget"]) for side in sides] == [("gpt-4", 350), ("gpt-4", 500)]
    assert "350" in ran.err
    assert f"{sides[1]['actual']}" in ran.err


def test_counts_say_whether_they_fit(run: Run, shop: Path) -> None:
    file = shop / "shop" / "orders.py"
    rows = run("count", "hello", file, "--target-model", "gpt-4o", "--token-budget", "20", "--json").json
    assert [(row["budget"], row["fits"]) for row in rows] == [(20, True), (20, False)]
    assert "too much" in run("count", file, "-m", "gpt-4o", "-b", "20").out
    assert run("count", "hello", "-m", "gpt-4o", "-b", "100M").code == 2


def test_a_split_keeps_model_and_size(run: Run, shop: Path) -> None:
    parts = run("pack", shop, "--split", "350", "--target-model", "gpt-4", "--json", "--quiet").json
    assert all(part["tokens"] == tokenizer("cl100k_base").count(part["text"]) <= 350 for part in parts)
    told = run("pack", shop, "--split", "350", "-m", "gpt-4", "--quiet", "--token-report", "--json")
    assert json.loads(told.out)
    assert told.err.startswith("parts")
