"""``packsight pack --split``: files, stdout, JSON, the report and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.tokens import tokenizer
from tests.cli.conftest import Run

PACK = ("pack", "--model", "gpt-4o", "--profile", "none")
COUNT = tokenizer("o200k_base").count


def test_files_are_numbered_and_none_is_too_large(run: Run, shop: Path, tmp_path: Path) -> None:
    ran = run(*PACK, shop, "--split", "300", "-o", tmp_path / "out.md", "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    rows = report["split"]["parts"]
    assert (ran.code, ran.out) == (0, "")
    assert len(rows) > 1
    assert report["split"]["part_tokens"] == 300
    for row in rows:
        text = (tmp_path / f"out.{row['part']}.md").read_text("utf-8")
        assert COUNT(text) == row["tokens"] <= 300
        assert f"part {row['part']} of {len(rows)}" in text
    assert not (tmp_path / f"out.{len(rows) + 1}.md").exists()
    assert report["actual"] == sum(row["tokens"] for row in rows)
    assert report["coverage"]["files_shown"] == report["coverage"]["files_in_scope"]
    assert f"wrote     {tmp_path / 'out.1.md'}" in ran.err


def test_json_is_a_list_of_parts(run: Run, shop: Path) -> None:
    parts = run(*PACK, shop, "--split", "300", "--json", "--quiet").json
    assert [part["part"] for part in parts] == list(range(1, len(parts) + 1))
    assert all(COUNT(part["text"]) == part["tokens"] <= 300 for part in parts)
    assert {path for part in parts for path in part["files"]} >= {"shop/orders.py", "shop/money.py"}


@pytest.mark.parametrize("name", ["markdown", "json"])
def test_on_stdout_the_parts_are_told_apart(run: Run, shop: Path, name: str) -> None:
    ran = run(*PACK, shop, "--split", "400", "--format", name, "--quiet")
    if name == "json":
        parts = [json.loads(line) for line in ran.out.splitlines()]
        assert [part["part"] for part in parts] == [f"{number} of {len(parts)}" for number in range(1, len(parts) + 1)]
    else:
        heads = [line for line in ran.out.splitlines() if line.startswith("----- part ")]
        assert len(heads) == int(heads[0].split()[4].rstrip(":")) > 1


def test_with_a_budget_only_what_fits_it_is_cut(run: Run, shop: Path) -> None:
    whole = run(*PACK, shop, "--split", "300", "--json", "--quiet").json
    less = run(*PACK, shop, "--split", "300", "--budget", "500", "--json", "--quiet").json
    assert 0 < sum(part["tokens"] for part in less) < sum(part["tokens"] for part in whole)


def test_left_out_files_are_in_no_part(run: Run, shop: Path) -> None:
    parts = run(*PACK, shop, "--split", "400", "--omit", "shop/", "--json", "--quiet").json
    assert not any(path.startswith("shop/") for part in parts for path in part["files"])


def test_parts_of_an_earlier_split_are_mentioned(run: Run, shop: Path, tmp_path: Path) -> None:
    run(*PACK, shop, "--split", "300", "-o", tmp_path / "out.md", "--quiet")
    ran = run(*PACK, shop, "--split", "5k", "-o", tmp_path / "out.md", "--quiet")
    assert "out.2.md is of an earlier split" in ran.err


@pytest.mark.parametrize(
    ("words", "code"), [(("nine",), 2), (("30",), 4), (("100M",), 2), (("0",), 2), (("300", "--copy"), 2), (("",), 2)]
)
def test_sizes_that_make_no_sense_are_refused_in_a_line_or_two(
    run: Run, shop: Path, words: tuple[str, ...], code: int
) -> None:
    ran = run(*PACK, shop, "--quiet", "--split", *words)
    assert (ran.code, ran.out) == (code, "")
    assert 1 <= len(ran.err.splitlines()) <= 2
