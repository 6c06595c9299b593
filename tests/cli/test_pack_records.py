"""Packs that commands write down: through the real command, several at once, killed, refused, switched off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from tests.cli.conftest import Run

QUERY = "what is the unmistakable total of an order"


def packs(run: Run) -> list[dict[str, Any]]:
    """What ``telemetry packs`` lists."""
    found: list[dict[str, Any]] = run("telemetry", "packs", "--json").json
    return found


def started(words: Sequence[object]) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "engine", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_a_pack_and_a_search_are_listed_with_their_numbers(run: Run, shop: Path) -> None:
    report = run("pack", shop, "-b", "800", "--json").json["report"]
    assert run("search", QUERY, shop, "-b", "900", "-q").code == 0
    search, pack = packs(run)
    assert {key: pack[key] for key in ("budget", "est_used", "actual", "quality", "model", "encoding", "method")} == {
        key: report[key] for key in ("budget", "est_used", "actual", "quality", "model", "encoding", "method")
    }
    assert (pack["made_by"], pack["revision"], pack["intent"]) == ("pack", report["revision"], "")
    assert (search["made_by"], search["budget"], search["sent"]) == ("search", 900, None)
    assert search["intent"]
    assert pack["seconds"] > 0
    assert pack["repository"]
    assert "pack" in run("telemetry", "packs").out


def test_nothing_of_the_text_or_the_query_is_kept(run: Run, shop: Path, own_directories: Path) -> None:
    assert run("search", QUERY, shop, "-q").code == 0
    waiting = b"".join(path.read_bytes() for path in (own_directories / "data").rglob("*") if path.is_file())
    assert b'"made_by": "search"' in waiting
    assert b"unmistakable" not in waiting
    packs(run)
    kept = b"".join(path.read_bytes() for path in (own_directories / "data").rglob("*") if path.is_file())
    assert b"unmistakable" not in kept


def test_a_pack_opens_no_database_for_it(run: Run, shop: Path, own_directories: Path) -> None:
    probe = (
        "import sys\nfrom engine.cli.app import main\n"
        "code = main(sys.argv[1:])\n"
        "print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, "pack", str(shop), "-q"],
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().splitlines()[-1] == "[]"
    assert not (own_directories / "data" / "packsight.db").exists()
    assert len(packs(run)) == 1


@pytest.mark.parametrize(
    ("words", "environment", "settings"),
    [
        (("--no-record",), {}, ""),
        (("--no-cache",), {}, ""),
        ((), {"PACKSIGHT_RECORD": "0"}, ""),
        ((), {}, "record = false\n"),
    ],
)
def test_whoever_wants_no_record_gets_none(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, own_directories: Path,
    words: tuple[str, ...], environment: dict[str, str], settings: str,
) -> None:  # fmt: skip
    (own_directories / "config").mkdir(exist_ok=True)
    (own_directories / "config" / "config.toml").write_text(settings)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run("pack", shop, "-q", *words).code == 0
    assert run("search", QUERY, shop, "-q", *words).code == 0
    assert not (own_directories / "data" / "telemetry-packs").exists()
    assert packs(run) == []


def test_a_repository_can_switch_recording_off_and_not_on(run: Run, shop: Path, own_directories: Path) -> None:
    (shop / ".packsight.toml").write_text("record = false\n")
    assert run("pack", shop, "-q").code == 0
    assert packs(run) == []
    (shop / ".packsight.toml").write_text("record = true\n")
    (own_directories / "config").mkdir(exist_ok=True)
    (own_directories / "config" / "config.toml").write_text("record = false\n")
    assert run("pack", shop, "-q").code == 0
    assert packs(run) == []


def test_a_switch_that_is_neither_on_nor_off_is_told(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSIGHT_RECORD", "maybe")
    ran = run("pack", shop)
    assert (ran.code, "PACKSIGHT_RECORD" in ran.err) == (3, True)


def test_a_folder_that_takes_nothing_breaks_no_pack(
    run: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    monkeypatch.setenv("PACKSIGHT_DATA_DIR", str(tmp_path / "blocked" / "data"))
    ran = run("pack", shop, "-b", "800", "-q")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out


def test_eight_at_once_are_recorded_once_each_while_others_take_them_over(run: Run, shop: Path) -> None:
    for _ in range(2):
        packing = [started(("pack", shop, "-b", 700 + number, "-q")) for number in range(8)]
        looking = [started(("telemetry", "packs", "--json")) for _ in range(2)]
        ends = [process.communicate()[1].decode() for process in (*packing, *looking)]
        assert [process.returncode for process in (*packing, *looking)] == [0] * 10, ends
    budgets = [pack["budget"] for pack in packs(run)]
    assert sorted(budgets) == sorted([*range(700, 708)] * 2)


def test_a_takeover_that_was_killed_is_done_again(run: Run, shop: Path, own_directories: Path) -> None:
    assert run("pack", shop, "-q").code == 0
    (path,) = (own_directories / "data" / "telemetry-packs").rglob("packs.jsonl")
    lines = path.read_bytes()
    assert len(packs(run)) == 1
    # As it is after a kill between the database's commit and the removal.
    path.with_name("packs-taken-00000000000000000001-aaaaaaaa.jsonl").write_bytes(lines)
    assert len(packs(run)) == 1
    assert not any((own_directories / "data" / "telemetry-packs").rglob("*.jsonl"))


def test_what_waits_is_taken_over_by_every_command_that_opens_the_database(
    run: Run, shop: Path, tmp_path: Path
) -> None:
    log = tmp_path / "calls.jsonl"
    event = {"timestamp": "2026-11-20T12:00:00Z", "source": "s", "dedupe_key": "k", "actual_output_tokens": 5}
    log.write_text(json.dumps(event) + "\n")
    from engine.store.database import open_database
    from engine.store.telemetry_packs import list_packs

    for number, words in enumerate((("report",), ("list",), ("record", log), ("import", log)), 1):
        assert run("pack", shop, "-q").code == 0
        run("telemetry", *words)
        with open_database("", create=False) as database:
            assert list_packs(database)[0] == number, words
    assert run("pack", shop, "-q").code == 0
    assert run("calibrate").code == 0
    with open_database("", create=False) as database:
        assert list_packs(database)[0] == 5


def test_the_library_records_a_pack_when_it_is_asked_to(run: Run, shop: Path) -> None:
    request = PackRequest(ScanRequest(shop, "gpt-5.5"), "800")
    with Inspector() as inspector:
        inspector.pack(request)
        assert packs(run) == []
        inspector.pack(request, record=inspector.config(None, {}))
        inspector.pack(request, record=inspector.config(None, {"record": False}))
    (pack,) = packs(run)
    assert (pack["made_by"], pack["budget"]) == ("library", 800)


def test_a_writer_killed_in_its_line_loses_only_that_line(run: Run, shop: Path, own_directories: Path) -> None:
    assert run("pack", shop, "-b", "700", "-q").code == 0
    (path,) = (own_directories / "data" / "telemetry-packs").rglob("packs.jsonl")
    with open(path, "r+b") as file:
        file.seek(0, os.SEEK_END)
        file.truncate(file.tell() - 40)
    assert run("pack", shop, "-b", "800", "-q").code == 0
    assert [pack["budget"] for pack in packs(run)] == [800]
