"""``pack --query`` and ``--query-file``."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.query import LONGEST_BYTES
from tests.cli.conftest import Run

PACK = ("pack", "--model", "gpt-4o", "--budget", "2k", "--quiet", "--json")


def test_a_query_may_be_text_a_file_or_stdin(run: Run, shop: Path, tmp_path: Path) -> None:
    query = "where is the total of a basket computed?\n"
    (tmp_path / "task.md").write_text(query, "utf-8")
    by_text = run(*PACK, shop, "--query", query).json
    by_file = run(*PACK, shop, "--query-file", tmp_path / "task.md").json
    by_stdin = run(*PACK, shop, "--query-file", "-", stdin=query.encode()).json
    assert by_text["report"]["query"] == query
    assert by_text["text"] == by_file["text"] == by_stdin["text"]


def test_the_summary_names_the_query(run: Run, shop: Path) -> None:
    ran = run("pack", shop, "--model", "gpt-4o", "--budget", "2k", "--query", "the total")
    assert "the total" in ran.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--query", "a", "--query-file", "b"), 2, "exclude each other"),
        (("--query", "  "), 2, "the query is empty"),
        (("--query-file", ""), 2, "empty"),
        (("--query-file", "missing.txt"), 3, "missing.txt cannot be read"),
        (("--query-file", "."), 3, "cannot be read"),
    ],
)
def test_what_is_no_query_is_refused(run: Run, shop: Path, options: tuple[str, ...], code: int, said: str) -> None:
    ran = run(*PACK, shop, *options)
    assert ran.code == code
    assert said in ran.err


def test_files_that_are_empty_or_far_too_long_are_refused(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "long").write_bytes(b"a " * LONGEST_BYTES)
    assert run(*PACK, shop, "--query-file", tmp_path / "empty").code == 3
    assert run(*PACK, shop, "--query-file", tmp_path / "long").code == 3


def test_bytes_that_are_no_text_are_taken(run: Run, shop: Path) -> None:
    assert run(*PACK, shop, "--query-file", "-", stdin=b"\xff\xfe total \x00").code == 0
