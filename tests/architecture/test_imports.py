"""What starting must not load: a command is as slow as the libraries it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.paths import data_dir

HEAVY = (
    "textual", "rich", "sqlalchemy", "alembic", "numpy", "tree_sitter", "splintr", "openai", "anthropic", "google",
    "keyring", "httpx2", "pydantic",
)  # fmt: skip
DATABASE = ("sqlalchemy", "alembic", "psycopg")


def loaded(code: str, *arguments: object) -> set[str]:
    """Run code in a new interpreter and return the top-level names of all modules it loaded."""
    # The code may end by exiting.
    report = "import atexit, json, sys; atexit.register(lambda: print('\\n' + json.dumps(list(sys.modules))));"
    done = subprocess.run(
        [sys.executable, "-c", report + code, *map(str, arguments)],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def command(*words: object) -> set[str]:
    """Run a command as the installed script does, and return what it loaded."""
    return loaded("from engine.cli.main import run; sys.exit(run())", *words)


@pytest.mark.parametrize(
    "module", ["engine", "engine.inspector", "engine.model", "engine.store.address", "engine.telemetry.providers"]
)
def test_importing_the_facade_loads_nothing_heavy(module: str) -> None:
    assert not loaded(f"import {module}") & {*HEAVY, "click", "git", "pathspec"}


def test_the_version_is_told_without_the_command_line_library() -> None:
    assert not command("--version") & {*HEAVY, "click", "platformdirs"}


@pytest.mark.parametrize("name", ["count", "scan", "pack", "budget"])
def test_no_database_library_is_loaded_while_there_is_no_database(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    words = {"count": ["count"], "scan": ["scan"], "pack": ["pack"], "budget": ["budget", "show"]}[name]
    assert not command(*words, tmp_path) & {*DATABASE, "textual"}
    # A pack is written down in files that wait for one.
    assert not list(data_dir().rglob("*.db"))


def test_a_database_at_the_newest_revision_costs_little(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    assert "alembic" in command("budget", "900", tmp_path)
    for name in ("count", "scan", "pack"):
        assert not command(name, tmp_path) & set(DATABASE)
    shown = command("budget", "show", tmp_path)
    assert "sqlalchemy" in shown
    assert not shown & {"alembic", "mako", "psycopg"}


def test_a_scan_of_a_known_state_loads_neither_workers_nor_servers_nor_the_whole_of_gitpython(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    report = "import sys, atexit; atexit.register(lambda: print('\\n' + ' '.join(sys.modules)));"
    code = report + "from engine.cli.main import run; run()"
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code, "scan", str(tmp_path)], capture_output=True, text=True, check=True
        )
    names = set(done.stdout.splitlines()[-1].split())
    assert "engine.usecases.report" in names
    rooms = ("numpy", "multiprocessing", "engine.scan.worker", "engine.store.team.cache", "git.repo", "sqlalchemy")
    assert not names.intersection(rooms)
