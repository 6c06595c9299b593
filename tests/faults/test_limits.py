"""What a system may refuse: memory, space, permission, locks, a git that works."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.store import blobs, connect
from engine.walk import settings
from tests.faults.scenes import World, saved, scanned

REAL_CONNECT = sqlite3.connect


def start(world: World, *words: object, megabytes: int = 0, **more: str) -> subprocess.Popen[bytes]:
    """Start the real command in a process group of its own."""

    def limit() -> None:
        if megabytes:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return subprocess.Popen(
        [sys.executable, "-m", "engine", *map(str, words)], env={**os.environ, **world.variables, **more},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit, start_new_session=True,
    )  # fmt: skip


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write to a folder: by its mode, or for root, who does not care for modes, by the way it is mounted."""
    if os.geteuid():
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    if subprocess.run(["mount", "--bind", folder, folder], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """Put a file system of so much room there, with what the folder holds on it."""
    kept = folder.with_name(f"{folder.name}-kept")
    shutil.copytree(folder, kept)
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True
    ).returncode:
        pytest.skip("needs the right to mount")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth of a second for locks, where people are waited for 15."""

    def connected(*words: object, timeout: float = 5.0, **more: object) -> sqlite3.Connection:
        return REAL_CONNECT(*words, timeout=min(timeout, 0.1), **more)  # type: ignore[call-overload,no-any-return]

    for module in (blobs, connect):
        monkeypatch.setattr(module.sqlite3, "connect", connected)


@pytest.mark.parametrize("words", [("budget", "43000"), ("profile", "save", "lean", "weights.code=3")])
def test_a_folder_that_cannot_be_written_is_told_and_can_be_read(world: World, words: tuple[str, ...]) -> None:
    saved(world)
    with read_only(world.base / "data"):
        ran = world.main(*words, world.root)
        assert ran.code == 3
        assert ran.err.startswith(f"packsight: database {world.base / 'data'}"), ran.err
        assert "cannot be" in ran.err
        assert world.json("budget", "show", world.root)["budget"] == 42_000
        assert world.main("pack", world.root, "-q").code == 0
    assert world.json("budget", "show", world.root)["budget"] == 42_000
    assert world.main(*words, world.root).code == 0


def test_where_nothing_can_be_written_a_scan_works_and_a_pack_says_where(world: World) -> None:
    clean = scanned(world)
    with read_only(world.base / "cache"), read_only(world.base / "out"):
        scan = world.main("scan", world.root, "--json", "--quiet")
        assert scan.code == 0
        assert {name: value for name, value in scan.json.items() if name not in ("seconds", "cache")} == clean
        target = world.base / "out" / "pack.md"
        pack = world.main("pack", world.root, "-b", "2k", "-q", "-o", target)
        assert pack.code == 3
        assert str(target) in pack.err
        assert "Traceback" not in pack.err


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system")
@pytest.mark.parametrize("kilobytes", [200, 240, 300])
def test_a_disk_that_fills_up_keeps_what_was_saved(world: World, kilobytes: int) -> None:
    saved(world)
    with small_disk(world.base / "data", kilobytes):
        codes = []
        for number in range(12):
            ran = world.main("profile", "save", f"p{number}", f"pins.{'x' * 9000}=0", world.root)
            assert ran.code in (0, 3), ran.err
            assert "Traceback" not in ran.err
            codes.append(ran.code)
            if ran.code:
                assert "full" in ran.err, ran.err
        assert 3 in codes
        names = {one["name"] for one in world.json("profile", "list", world.root)["profiles"]}
        assert names == {"lean", *(f"p{number}" for number, code in enumerate(codes) if not code)}


def test_a_database_that_another_process_holds_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(world)
    impatient(monkeypatch)
    with closing(REAL_CONNECT(world.base / "data" / "packsight.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = world.main("budget", "43000", world.root)
        assert ran.code == 3
        assert "in use by another process" in ran.err
        assert "try again" in ran.err
        assert world.json("budget", "show", world.root)["budget"] == 42_000
        other.execute("ROLLBACK")
    assert world.main("budget", "43000", world.root).code == 0


def test_a_cache_that_another_process_holds_is_done_without(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = scanned(world)
    world.main("cache", "clear")
    impatient(monkeypatch)
    with closing(REAL_CONNECT(world.base / "cache" / "blobs.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = world.main("scan", world.root, "--json", "--quiet")
    assert ran.code == 0, ran.err
    assert {name: value for name, value in ran.json.items() if name not in ("seconds", "cache")} == clean
    assert "locked" in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
def test_too_little_memory_is_told_and_leaves_nothing_half(world: World) -> None:
    target = world.base / "out" / "pack.md"
    target.write_text("precious\n")
    codes = set()
    for megabytes in (90, 180, 319, 340, 400):
        process = start(world, "pack", world.root, "-b", "2k", "-q", "-o", target, megabytes=megabytes)
        _, err = process.communicate(timeout=120)
        codes.add(process.returncode)
        if process.returncode:
            assert target.read_text() == "precious\n"
            # Below some 100 MB the interpreter itself may not start.
            assert megabytes < 100 or (process.returncode == 3 and err.startswith(b"packsight: ")), (megabytes, err)
        else:
            target.write_text("precious\n")
    assert {0, 3} <= codes


def fake_git(folder: Path, text: str) -> str:
    """A program called git that comes first, and the search path with it."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "git").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


OLD = """
case "$*" in
  *--version*) echo "git version 2.20.1" ;;
  *) echo "error: unknown option" >&2; exit 129 ;;
esac
"""


@pytest.mark.parametrize(
    "text", [OLD, "exit 1", "kill -9 $$", "echo fatal: broken >&2; exit 128", "head -c 100 /dev/zero"]
)
def test_a_git_that_is_too_old_or_broken_is_told(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PATH", fake_git(tmp_path / "bin", text))
    ran = world.main("scan", world.root, "--json", "--quiet")
    assert ran.code == 3, ran.out[:200]
    assert "git" in ran.err
    assert "Traceback" not in ran.err
    assert not ran.out


def test_a_git_that_hangs_is_given_up(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "running"
    monkeypatch.setenv("PATH", fake_git(tmp_path / "bin", f"echo $$ >> {mark}; exec sleep 600"))
    monkeypatch.setattr(settings, "LIMIT_S", 0.5)
    for name in [name for name in sys.modules if name.partition(".")[0] == "git"]:
        monkeypatch.delitem(sys.modules, name)  # its runner would ask for the version while it loads
    ran = world.main("scan", world.root, "--quiet")
    assert ran.code == 3
    assert "git could not read" in ran.err
    for line in mark.read_text().split():
        gone = Path(f"/proc/{line}/cmdline")
        assert not gone.exists() or b"sleep" not in gone.read_bytes()
