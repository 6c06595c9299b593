"""Modules come from the installation, though the current folder is a repository that has some of the same names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.engine.walk.repos import make
from tests.security.watched import Person
from tui.serve import LoopbackServer

NAMES = ("json", "numpy", "msgpack", "click", "git", "engine", "tui", "textual", "tree_sitter", "sitecustomize", "rich")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A repository whose modules would leave a mark."""
    mark = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    files: dict[str, str | bytes] = {f"{name}.py": mark for name in NAMES}
    files |= {f"{name}/{part}.py": mark for name in ("engine", "tui") for part in ("__init__", "__main__")}
    # Enough files that workers are started, in a process that has threads already.
    part = "def one():\n    return 1\n\n\n" * 200
    files |= {f"many/part{number}.py": f"X = {number}\n{part}" for number in range(60)}
    return make(tmp_path / "repo", files)


def test_a_scan_in_a_hostile_folder_runs_nothing_of_it(trap: Path, tmp_path: Path) -> None:
    person = Person(tmp_path / "person")
    code = (
        "import sys, threading, time; sys.path[:] = [p for p in sys.path if p]; import os; os.chdir(sys.argv[1]); "
        "threading.Thread(target=time.sleep, args=(20,), daemon=True).start(); "
        "from engine.cli.app import main; sys.exit(main(['pack', '.', '-b', '2k', '--no-cache']))"
    )
    seen = person.python("-c", code, trap)
    assert seen.code == 0, seen.err
    assert len(seen.of("begin")) > 1, "no worker was started"
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="a session of its own is another thing there")
def test_the_app_of_a_browser_is_our_own(trap: Path, tmp_path: Path) -> None:
    person = Person(tmp_path / "person")
    command = LoopbackServer(["--version"], 0, "t", lambda address: None).command
    done = subprocess.run(
        command, shell=True, cwd=trap, env=person.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("packsight "), done.stderr
    assert not (tmp_path / "ran").exists()


def test_git_programs_of_a_folder_are_not_found_by_name(trap: Path, tmp_path: Path) -> None:
    for name in ("git", "git.exe", "python"):
        (trap / name).write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
        (trap / name).chmod(0o755)
    person = Person(tmp_path / "person")
    assert person.python("-P", "-m", "engine", "scan", trap).code == 0
    assert not (tmp_path / "ran").exists()
