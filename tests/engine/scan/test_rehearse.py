"""Grammars that end the process they run in, where few files are parsed and no worker is started for them."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from engine.chunk import decode as decoded
from engine.chunk import grammars
from engine.inspector import Inspector
from engine.request import ScanRequest
from engine.scan import launch, pool
from tests.cli.conftest import Run, run
from tests.sample import make_repository

__all__ = ["run"]

DEADLY = "const DEADLY = 1;\n\nfunction deadly() {\n  return DEADLY;\n}\n"
linux = pytest.mark.skipif(os.uname().sysname != "Linux", reason="elsewhere workers parse")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        f"pkg/m{n}.js": f"const NAME = {n};\n\nfunction f(x) {{\n  return x;\n}}\n" for n in range(6)
    }
    return make_repository(tmp_path / "few", {**files, "pkg/deadly.js": DEADLY})


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A grammar that reads where no memory is, in whichever process; gives the number of workers that started."""
    original, start = grammars.parse, launch.launch
    started: list[int] = []

    def parse(language: Any, data: bytes, deadline: float) -> Any:
        if b"DEADLY" in data:
            faulthandler.disable()  # what it would say is expected
            ctypes.string_at(0)
        return original(language, data, deadline)

    def launched(*words: Any) -> Any:
        started.append(1)
        return start(*words)

    monkeypatch.setattr("engine.chunk.code.parse", parse)
    monkeypatch.setattr(pool, "launch", launched)
    monkeypatch.setattr(pool, "_start_method", lambda: launch.FORK)  # workers with the same grammar
    return started


def scanned(root: Path) -> dict[str, Any]:
    with Inspector(use_cache=False) as inspector:
        return inspector.scan(ScanRequest(root, model="gpt-5.5"))


@linux
@pytest.mark.parametrize("threads", [0, 3])
def test_a_grammar_that_ends_its_process_costs_one_file_its_structure(
    root: Path, deadly: list[int], threads: int
) -> None:
    stop = threading.Event()
    others = [threading.Thread(target=stop.wait) for _ in range(threads)]
    for one in others:
        one.start()
    try:
        found = scanned(root)
    finally:
        stop.set()
        for one in others:
            one.join()
    assert deadly
    assert found["files"] == 7
    assert not found["skipped"]


@linux
def test_files_that_a_grammar_survives_start_no_worker(root: Path, deadly: list[int]) -> None:
    (root / "pkg/deadly.js").write_text("const HARMLESS = 1;\n")
    before = os.listdir("/proc/self/fd")
    assert scanned(root)["files"] == 7
    assert not deadly
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_a_copy_that_hangs_is_given_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def decode(raw: bytes) -> Any:
        while os.getpid() != parent:
            threading.Event().wait()
        return decoded(raw)

    monkeypatch.setattr("engine.scan.rehearse.decode", decode)
    monkeypatch.setattr("engine.scan.rehearse._STALL_S", 0.2)
    assert scanned(root)["files"] == 7


@linux
def test_one_file_is_shown_as_text_where_it_cannot_be_parsed(root: Path, deadly: list[int], run: Run) -> None:
    ran = run("show", root / "pkg/deadly.js")
    assert ran.code == 0, ran.err
    assert "return DEADLY" in ran.out
    assert run("show", root / "pkg/deadly.js", "--level", "3").code == 0
    assert deadly
