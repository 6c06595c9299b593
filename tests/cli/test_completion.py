"""Completion by the protocol of real shells: quick, and without loading what commands need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.app import COMMANDS
from tests.architecture.test_imports import HEAVY, loaded
from tests.cli.conftest import Run


def offered(monkeypatch: pytest.MonkeyPatch, run: Run, *words: str) -> list[str]:
    """What bash is told behind these words, the last one unfinished."""
    monkeypatch.setenv("_PACKSIGHT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(("packsight", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    ran = run()
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("pa",), "plain,pack"),
        (("profile", "le"), "plain,learn"),
        (("pack", "--bud"), "plain,--budget"),
        (("-b", "32k", "--mod"), "plain,--model"),
        (("telemetry", "report", "--si"), "plain,--since"),
        (("pack", "-m", "claude-opus-5-"), "plain,claude-opus-5-5"),
        (("pack", "--target-model", "gpt-5.5"), "plain,gpt-5.5"),
        (("count", "x", "-m", "gpt-5.5,gemini-3.1-pro-p"), "plain,gpt-5.5,gemini-3.1-pro-preview"),
        (("pack", "--format", "xm"), "plain,xml"),
        (("pack", "--weight", "te"), "plain,tests="),
        (("pack", "src/co"), "file,src/co"),
        (("pack", "-o", "ou"), "file,ou"),
        (("count", "REA"), "file,REA"),
        (("./sr",), "file,./sr"),
    ],
)
def test_what_is_offered(monkeypatch: pytest.MonkeyPatch, run: Run, words: tuple[str, ...], expected: str) -> None:
    assert expected in offered(monkeypatch, run, *words)


def test_the_first_word_is_any_command(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    assert offered(monkeypatch, run, "") == [f"plain,{name}" for name in COMMANDS]


def test_nothing_is_offered_where_nothing_is_known(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    assert offered(monkeypatch, run, "pack", "--budget", "3") == []


@pytest.mark.parametrize("words", ["packsight pa", "packsight pack --bud", "packsight pack -m cla"])
def test_completing_loads_no_heavy_library(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("_PACKSIGHT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    found = loaded("from engine.cli.main import run; sys.exit(run())")
    assert "click" in found
    assert not found & {*HEAVY, "git", "watchfiles", "pathspec"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_for_it(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert f"_PACKSIGHT_COMPLETE={shell}_complete" in ran.out
    assert "%(" not in ran.out


def test_an_unknown_shell_is_refused(run: Run) -> None:
    ran = run("completion", "tcsh")
    assert ran.code == 2
    assert "'fish'" in ran.err


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_a_real_bash_completes(run: Run, tmp_path: Path) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    program = commands / "packsight"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engine "$@"\n')
    program.chmod(0o755)
    ask = "COMP_WORDS=(packsight pack --form); COMP_CWORD=2; _packsight_completion packsight; echo ${COMPREPLY[@]}"
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{run('completion', 'bash').out}\n{ask}"], capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.split() == ["--format"]
