from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.inspector import Inspector
from tests.architecture.test_imports import command
from tests.cli.conftest import Run


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
def test_the_json_has_the_keys_that_programs_rely_on(run: Run, provider: str) -> None:
    words = ("--category", "docs", "--complexity", "low", "--deliverable", "docs/usage.md", "--provider", provider)
    ran = run("estimate", *words, "--json")
    assert ran.code == 0, ran.err
    keys = {
        "category", "complexity", "provider", "model", "estimate", "quantiles", "selected_budget",
        "actual_max_tokens", "confidence", "samples", "trace",
    }  # fmt: skip
    assert keys <= set(ran.json)
    assert set(ran.json["quantiles"]) == {"p50", "p90", "p95"}
    assert all({"rule", "before", "after", "why"} == set(step) for step in ran.json["trace"])
    assert (ran.json["provider"], ran.json["selected_budget"], ran.json["actual_max_tokens"]) == (provider, 4096, 4096)


def test_the_text_says_what_the_json_says_within_80_columns(run: Run) -> None:
    words = (
        "estimate",
        "--deliverable",
        "src/shop.py",
        "--provider",
        "gemini",
        "--hard-cap",
        "6000",
        "--mode",
        "full_file",
    )
    report, text = run(*words, "--json").json, run(*words).out
    assert f"{report['selected_budget']:,}" in text
    assert all(step["rule"] in text for step in report["trace"])
    assert max(map(len, text.splitlines()[3:])) <= 80
    assert report["actual_max_tokens"] == 6000


def test_explain_mode_names_every_rule(run: Run) -> None:
    text = run("estimate", "--category", "frontend", "--explain-mode").out
    assert "set by deployment_or_frontend" in text
    assert "few_short_files" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--complexity", "huge"), 2, "low, medium, high"),
        (("--hard-cap", "0"), 2, "hard-cap"),
        (("--model", "gpt-55"), 3, "gpt-5"),
        (("--provider", "somebody"), 2, "--model"),
        (("--context-used", "99999999"), 3, "no room"),
        (("--mode", "yolo"), 2, "large_refactor"),
        (("--deliverable", ""), 2, "empty"),
    ],
)
def test_what_makes_no_sense_is_told_in_two_lines(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    ran = run("estimate", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_hostile_names_stay_on_their_line(run: Run) -> None:
    text = run("estimate", "--category", "a\x1b[31m\nb", "--deliverable", "x\x1b[2J.py").out
    assert "\x1b" not in text


def test_deciding_loads_no_database_and_no_numbers_library() -> None:
    loaded = command("estimate", "--category", "docs")
    assert not loaded & {"sqlalchemy", "alembic", "psycopg", "numpy", "tree_sitter", "openai", "anthropic", "textual"}


@pytest.mark.parametrize("model", ["gpt-5.5", "claude-sonnet-4-5", "gemini-2.5-pro"])
def test_front_ends_get_the_numbers_of_the_command(run: Run, model: str) -> None:
    printed = run(
        "estimate", "--model", model, "--category", "tests", "--complexity", "high", "--deliverable", "tests/test_a.py",
        "--json",
    ).json  # fmt: skip
    with Inspector(use_cache=False) as inspector:
        assert "tests" in inspector.categories()
        config = inspector.config(None, {"model": "gpt-5.5"})
        found = inspector.expected_answer(
            config, model, category="tests", complexity="high", deliverables=["tests/test_a.py"], workspace=Path()
        )
    assert json.loads(json.dumps(found)) == printed
