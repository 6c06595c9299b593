"""Machines that share one server; needs psycopg and PostgreSQL's programs."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path

from engine.store.address import address_of
from engine.store.team.cache import TeamCache
from engine.store.team.wire import PLAIN, parts_of, unpacked_detail
from tests.engine.store.team.machines import Machine, connect, fail, repository

ENCODING = "o200k_base"


AT_ONCE = """
import json, sys
from pathlib import Path
from engine.scan import plan, run
from engine.store.team import link, cache
from tests.engine.store.team.machines import Machine

# A small repository in as many pieces as a large one has, and saved as often for its size.
plan._BATCH_FILES, run._SAVE_EVERY_S = 4, 0.05
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps(Machine(Path(sys.argv[1]), sys.argv[2]).scan(Path(sys.argv[3]))))
"""


def keys(number: int) -> list[bytes]:
    return [bytes([n]) * 20 + b"variants" for n in range(number)]


def test_a_second_machine_computes_nothing_and_knows_the_same(tmp_path: Path, url: str) -> None:
    root = repository(tmp_path / "shop", files=12)
    alone, _ = Machine(tmp_path / "alone", "").scan(root)
    one, other = Machine(tmp_path / "one", url), Machine(tmp_path / "other", url)
    first, gave = one.scan(root)
    second, took = other.scan(root)
    assert gave["computed"] == gave["sent"] >= 14
    assert gave["waiting"] == gave["taken"] == 0
    assert took["computed"] == took["sent"] == took["refused"] == 0
    assert took["taken"] == gave["sent"]
    assert alone == first == second
    # Small enough that data is shown by its first line, which did not travel.
    assert one.pack(root, "4k") == other.pack(root, "4k")
    assert one.warnings == other.warnings == []


def test_work_in_progress_is_divided_and_finished_work_is_taken(tmp_path: Path, url: str) -> None:
    every = keys(10)
    other = TeamCache(tmp_path / "b.db", address_of(url), fail)
    with TeamCache(tmp_path / "a.db", address_of(url), fail) as one, other:
        assert one.records(every, ENCODING) == other.records(every, ENCODING) == {}
        assert one.divide(every[:6], ENCODING) == ({}, set())
        assert other.divide(every, ENCODING) == ({}, set(every[:6]))
        assert one.divide(every[6:], ENCODING) == ({}, set(every[6:]))
        # Claims end with whoever made them.
        other.close()
        assert one.divide(every, ENCODING) == ({}, set())


def test_two_machines_at_once_share_the_work(tmp_path: Path, url: str) -> None:
    root = repository(tmp_path / "shop", files=240, functions=3)
    alone, counted = Machine(tmp_path / "alone", "").scan(root)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, str(tmp_path / name), url, str(root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate()[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    computed = [shared["computed"] for _, shared in answers]
    assert counted["computed"] <= sum(computed) < 1.75 * counted["computed"]
    for report, shared in answers:
        assert report == alone
        assert shared["computed"] + shared["taken"] == counted["computed"]
        assert shared["waiting"] == shared["refused"] == 0
    with connect(url) as server:
        assert server.execute("SELECT count(*) FROM packsight_claims_1").fetchone() == (0,)


def test_counts_of_another_vocabulary_are_shared_too(tmp_path: Path, url: str) -> None:
    name, other_name = ENCODING, "cl100k_base"
    with (
        TeamCache(tmp_path / "a.db", address_of(url), fail) as one,
        TeamCache(tmp_path / "b.db", address_of(url), fail) as other,
    ):
        root = repository(tmp_path / "shop", files=1)
        with Machine(tmp_path / "m", "").inspector() as inspector:
            from engine.request import ScanRequest

            opened = inspector.repository(ScanRequest(root, "gpt-4o"))
            real = opened.keys[0]
            head, rows, counts = opened.cache.records([real], name)[real]
            graph, detail = opened.cache.graphs([real])[real], opened.cache.details([real])[real]
        from engine.store.team.wire import record_of

        assert counts is not None
        one.records([real], name)
        one.save(name, [(real, record_of(head, rows, graph, detail, counts))])
        assert other.records([real], name)[real] == (head, rows, counts)
        assert other.records([real], other_name)[real][2] is None
        one.save(other_name, [(real, record_of(head, b"", b"", b"", counts))])
        assert other.records([real], other_name)[real][2] == counts


def test_nothing_that_a_file_says_is_stored_but_its_names(tmp_path: Path, url: str) -> None:
    secret = "hunter2correcthorse"
    root = repository(tmp_path / "secretive-folder", files=2)
    (root / "app.py").write_text(
        f'KEY = "{secret}"\n\n\ndef login(word="{secret}"):\n    """{secret}"""\n    # {secret}\n    return 1\n'
    )
    (root / "data.txt").write_text(f"{secret} first words of data\n" * 200)
    (root / "settings.ini").write_text(f"[server]\npassword = {secret}\n")
    (root / "README.md").write_text(f"# Title\n\n{secret} is a word of the text.\n")
    (root / "deploy.yaml").write_text(f"token: {secret}\nlist:\n  - {secret}\n")
    (root / "values.json").write_text(json.dumps({"token": secret, "more": [secret] * 300}, indent=1))
    Machine(tmp_path / "one", url).scan(root)
    with connect(url) as server:
        blobs = server.execute("SELECT body, detail FROM packsight_blobs_1").fetchall()
        everything = b"".join(
            zlib.decompress(part) + part
            for table in ("blobs", "counts")
            for row in server.execute(f"SELECT body FROM packsight_{table}_1").fetchall()
            for part in row
        )
    everything += b"".join(zlib.decompress(detail) for _, detail in blobs if detail)
    assert len(blobs) >= 8
    assert b"login" in everything
    assert secret.encode() not in everything
    assert b"secretive-folder" not in everything
    assert b"app.py" not in everything
    assert b"first words of data" not in everything
    assert any(parts_of(body)[1] and unpacked_detail(detail) for body, detail in blobs)
    assert not PLAIN.fullmatch("… 3 lines, 2 KB: words of a file\n")
