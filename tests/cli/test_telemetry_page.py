"""Every command on the page about budgets and telemetry does what the page says, one after the other."""

from __future__ import annotations

import json
import random
import re
import shlex
from pathlib import Path

import pytest

from engine.telemetry import Impossible
from tests.cli.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "telemetry.md"
BASES = re.compile(r"^\| (?P<name>docs|tests|everything else)[^|]*\| (?P<figures>[\d,]+ \| [\d,]+ \| [\d,]+) \|$", re.M)


def commands() -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("packsight ")]


def test_every_command_of_the_page_works(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(2)
    event = {
        "source": "test", "provider": "openai", "model": "gpt-5.5", "category": "docs", "complexity": "low",
        "selected_budget": 4096, "actual_max_tokens": 4096, "ceiling_source": "sent", "truncated": False,
    }  # fmt: skip
    event["timestamp"] = "2026-11-20T00:00:00Z"
    made = [{**event, "dedupe_key": f"{n}", "actual_output_tokens": 500 + chance.randrange(900)} for n in range(60)]
    (tmp_path / "calls.jsonl").write_text("\n".join(map(json.dumps, made)))
    rows = [f"a,{n},{chance.randrange(4000)},{chance.randrange(900)}\n" for n in range(300)]
    (tmp_path / "trace.csv").write_text("trace,seconds,input_tokens,output_tokens\n" + "".join(rows))
    assert len(commands()) > 20
    for line in commands():
        ran = run(*shlex.split(line)[1:])
        assert ran.code == 0, (line, ran.err)
        assert ran.out or " -o " in line, line


def test_every_reason_to_refuse_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    assert [reason.value for reason in Impossible if f"`{reason.value}`" not in page] == []


def test_the_bases_of_the_page_are_those_of_the_estimator(run: Run) -> None:
    matches = BASES.finditer(PAGE.read_text("utf-8"))
    found = {match["name"]: match["figures"].replace(",", "").split(" | ") for match in matches}
    assert set(found) == {"docs", "tests", "everything else"}
    for name, figures in found.items():
        category = "refactoring" if name == "everything else" else name
        for complexity, tokens in zip(("low", "medium", "high"), figures, strict=True):
            words = ("estimate", "--category", category, "--complexity", complexity, "--json")
            assert run(*words).json["selected_budget"] == int(tokens)
