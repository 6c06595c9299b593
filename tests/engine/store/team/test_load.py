"""Sixteen processes that write calls and analyses at once: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.address import address_of
from engine.store.blobs import BlobCache
from engine.store.database import open_database
from engine.store.team.cache import TeamCache
from engine.store.telemetry_read import list_events
from engine.telemetry.filters import EventFilter
from tests.engine.store.team.machines import Machine, connect, fail, repository

SIXTEEN = """
import os, sys
from pathlib import Path
import alembic.command, psycopg
from engine.request import ScanRequest
from engine.scan.record import BlobRecord
from engine.store.address import address_of
from engine.store.blobs import BlobCache
from engine.store.database import open_database
from engine.store.team.cache import TeamCache
from engine.store.telemetry_write import write_events
from engine.telemetry.by_hand import event_by_hand

url, folder = sys.argv[1], Path(sys.argv[2])
address = address_of(url)
source = BlobCache(folder / "source.db")
encoding = "o200k_base"
keys = sorted(key for (key,) in source._db.execute("SELECT key FROM head"))
rows, graphs, details = source.records(keys, encoding), source.graphs(keys), source.details(keys)
source.close()
gate, opened = os.pipe()

def fail(error):
    raise error

def work(number):
    shared = address.path is None
    path = folder / (f"{number}.db" if shared else "all.db")
    cache = TeamCache(path, address, fail) if shared else BlobCache(path)
    with cache, open_database(url, create=True) as db:
        cache.records(keys[:1], encoding)
        for round in range(4):
            names = [f"{number} {round} {n}" for n in range(10)] + [f"common {round} {n}" for n in range(5)]
            call = {"model": "m", "actual_output_tokens": 7}
            write_events(db, [event_by_hand({**call, "dedupe_key": name}) for name in names])
            for key in keys[round::4]:
                head, chunks, counts = rows[key]
                made = BlobRecord("", "", "", "", 0, 0, [], chunks, counts, graphs[key], details[key], packed_head=head)
                cache.save(encoding, [(key, made)])

children = []
for number in range(16):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(opened)
            os.read(gate, 1)
            work(number)
            status = 0
        except BaseException as error:
            print(repr(error), flush=True)
        finally:
            os._exit(status)
    children.append(child)
os.close(opened)
print(sum(os.waitpid(child, 0)[1] == 0 for child in children))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts its processes by fork")
@pytest.mark.parametrize("kind", ["file", "server"])
def test_sixteen_processes_lose_nothing_and_double_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    url = f"sqlite:///{tmp_path}/shop.db" if kind == "file" else str(request.getfixturevalue("url"))
    root = repository(tmp_path / "shop", files=10, functions=1)
    with Machine(tmp_path / "one", "").inspector() as inspector:
        inspector._cache_path = tmp_path / "source.db"
        from engine.request import ScanRequest

        keys = inspector.repository(ScanRequest(root, "gpt-4o")).keys
    done = subprocess.run(
        [sys.executable, "-c", SIXTEEN, url, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "16\n"
    with open_database(url, create=False) as database:
        page = list_events(database, EventFilter(), 1_000)
    assert page.total == len({event.dedupe_key for event in page.events}) == 16 * 40 + 4 * 5
    with BlobCache(tmp_path / "source.db") as source:
        expected = source.records(keys, "o200k_base")
    assert len(expected) == len(keys) == 12
    if kind == "file":
        with BlobCache(tmp_path / "all.db") as cache:
            assert cache.records(keys, "o200k_base") == expected
            assert cache.status()["blobs"] == len(keys)
        return
    with connect(url) as server:
        assert server.execute("SELECT count(*), count(DISTINCT key) FROM packsight_blobs_1").fetchone() == (12, 12)
        assert server.execute("SELECT count(*) FROM packsight_counts_1").fetchone() == (12,)
    with TeamCache(tmp_path / "late.db", address_of(url), fail) as late:
        assert late.records(keys, "o200k_base") == expected
        assert (late.shared.taken, late.shared.refused) == (12, 0)
