"""``docs/security.md`` names a test for every threat, and each of them is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
ROWS = [
    (title, [cell.strip() for cell in line.strip("|").split("|")])
    for title, body in SECTIONS.items()
    for line in body.splitlines()
    if line.startswith("| ") and not line.startswith(("| tries", "| promise"))
]
LINK = re.compile(r"\]\(\.\./(?P<file>tests/[\w/]+\.py)#(?P<test>test_\w+)\)")


@cache
def functions_of(file: str) -> frozenset[str]:
    """Functions of a file that pytest takes for tests."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(
    "attacker",
    ["repository", "logs to import", "profile file", "theme file", "query", "MCP arguments", "database", "environment"],
)
def test_every_attacker_has_rows(attacker: str) -> None:
    assert any(attacker in title for title, _ in ROWS)


@pytest.mark.parametrize(("title", "cells"), ROWS, ids=lambda value: str(value)[:40])
def test_every_threat_has_what_stops_it_and_a_test_that_is_there(title: str, cells: list[str]) -> None:
    threat, stops, proofs = cells
    assert threat
    assert stops
    named = LINK.findall(proofs)
    assert named, f"{title}: {threat} has no test"
    assert len(named) == proofs.count("](")
    for file, test in named:
        assert test in functions_of(file), f"{file} has no {test}"


def test_the_tests_that_are_named_are_collected() -> None:
    named = set(LINK.findall(TEXT))
    files = sorted({file for file, _ in named})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-o", "addopts=", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    collected = {line.partition("[")[0] for line in done.stdout.splitlines()}
    missing = {f"{file}::{test}" for file, test in named} - collected
    assert not missing, done.stdout[-2000:]
