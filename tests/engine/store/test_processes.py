"""Several processes, and processes that are killed. They tell each other through pipes where they are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.budgets import find_budget
from engine.store.database import open_database
from engine.store.profiles import get_profile, profile_history
from engine.store.status import database_status

EIGHT = """
import os, sys
import alembic.command
from engine.store.budgets import save_budget
from engine.store.database import open_database

gate, opened = os.pipe()
children = []
for number in range(8):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(opened)
            os.read(gate, 1)
            with open_database(sys.argv[1], create=True) as database:
                for round in range(10):
                    save_budget(database, f"repository {number}", "m", round + 1)
            status = 0
        except BaseException as error:
            print(repr(error), flush=True)
        finally:
            os._exit(status)
    children.append(child)
os.close(opened)
print(sum(os.waitpid(child, 0)[1] == 0 for child in children))
"""

SAVES = """
import sys
from engine.store.database import open_database
from engine.store.profiles import save_profile

with open_database(sys.argv[1], create=True) as database:
    version = 0
    while True:
        version = save_profile(database, "shop", "m", "p", f"body {version + 1}").version
        print(version, flush=True)
"""

MIDDLE = """
import sys
from engine.store.budgets import save_budget
from engine.store.database import open_database
from engine.store.rows import now
from engine.store.tables import profile_versions
from engine.store.profiles import save_profile

with open_database(sys.argv[1], create=True) as database:
    save_budget(database, "shop", "m", 42)
    save_profile(database, "shop", "m", "p", "first")
    with database.write() as connection:
        row = {"profile_id": 1, "version": 2, "body": "x" * 9_000_000, "saved_at": now()}
        connection.execute(profile_versions.insert().values(row))
        print("in the middle", flush=True)
        sys.stdin.read()
"""

MIGRATES = """
import sys
from engine.store import migrate
from engine.store.database import open_database

def stop(connection):
    print("in the middle", flush=True)
    sys.stdin.read()

migrate._check = stop
open_database(sys.argv[1], create=True)
"""


def start(code: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def kill(process: subprocess.Popen[str]) -> list[str]:
    """Kill, and return the lines that were still on their way."""
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None
    # With a second pipe, communicate() would leave out what readline() had read ahead.
    rest = process.stdout.read()
    process.communicate()
    return rest.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts its processes by fork")
def test_eight_processes_upgrade_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    done = subprocess.run([sys.executable, "-c", EIGHT, url], capture_output=True, text=True, check=True)
    assert done.stdout == "8\n"
    with open_database(url, create=False) as database:
        for number in range(8):
            found = find_budget(database, f"repository {number}", "m")
            assert found is not None
            assert found.tokens == 10


def test_a_process_killed_between_saves_loses_none_of_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    last = 0
    for _ in range(3):
        process = start(SAVES, url)
        assert process.stdout is not None
        for _ in range(7):
            last = int(process.stdout.readline())
        rest = kill(process)
        last = int(rest[-1]) if rest else last
        with open_database(url, create=False) as database:
            history = profile_history(database, "shop", "m", "p")
        # One more may have been saved before the word of it got out.
        assert len(history) in (last, last + 1)
        assert [profile.version for profile in history] == list(range(len(history), 0, -1))


def test_a_process_killed_in_the_middle_of_a_save_leaves_what_was_saved_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    process = start(MIDDLE, url)
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    kill(process)
    assert database_status(url).state == "current"
    with open_database(url, create=False) as database:
        assert get_profile(database, "shop", "m", "p").body == "first"
        found = find_budget(database, "shop", "m")
        assert found is not None
        assert found.tokens == 42


def test_a_process_killed_in_the_middle_of_a_migration_leaves_one_that_works(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    process = start(MIGRATES, url)
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    kill(process)
    assert database_status(url).state == "empty"
    with open_database(url, create=False) as database:
        assert database.migrated is not None
    assert database_status(url).state == "current"
