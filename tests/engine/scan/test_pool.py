from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from engine.classify import Rules
from engine.inspector import Inspector
from engine.request import ScanRequest
from engine.scan import launch, pool, run, worker
from engine.scan.identity import identify
from engine.scan.plan import batches, plan
from engine.scan.pool import Pool
from engine.scan.record import BlobRecord
from engine.scan.settings import Settings
from engine.scan.worker import Task
from engine.tokens import registry
from engine.walk import ContentSource, Listing, open_listing
from tests.engine.scan.test_run import many_files
from tests.sample import make_repository

ENCODING = "o200k_base"
MODELS = ("gpt-5.5", "gemini-4-argon")
ROOT = Path(launch.__file__).parents[2]
LIMIT_S = 60

Answers = dict[str, tuple[bool, bytes, bytes]]


@pytest.fixture
def listing(tmp_path: Path) -> Listing:
    return open_listing(make_repository(tmp_path / "large", many_files(40)))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[launch.Process]:
    """Every worker that starts, from now on without forking."""
    processes: list[launch.Process] = []
    original = launch.launch

    def remember(*arguments: Any) -> tuple[launch.Process, Connection]:
        process, connection = original(*arguments)
        processes.append(process)
        return process, connection

    monkeypatch.setattr(pool, "launch", remember)
    monkeypatch.setattr(pool, "_start_method", lambda: launch.FRESH)
    return processes


def tasks(listing: Listing) -> list[list[Task]]:
    """The files of a listing, four a batch."""
    flat = [Task(entry.file, entry.file_class, listing.object_format) for entry in plan(identify(listing, []))]
    return [flat[start : start + 4] for start in range(0, len(flat), 4)]


def answers(workers: Pool, listing: Listing, on_answer: Callable[[], object] = lambda: None) -> Answers:
    found: Answers = {}
    for task, record in workers.run(tasks(listing), lambda: False):
        found[task.file.path] = (task.text_only, record.rows, record.counts)
        on_answer()
    return found


def in_process(listing: Listing) -> Answers:
    found: Answers = {}
    for batch in tasks(listing):
        for task in batch:
            record = worker.run_task(task, listing.content, Settings(ENCODING))
            found[task.file.path] = (False, record.rows, record.counts)
    return found


def gone(process: launch.Process) -> bool:
    """Tell whether a process has ended and was waited for."""
    assert process.pid
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def script(at: Path, body: str, *options: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script without a guard; returns when nobody holds its stderr any more, workers included."""
    at.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{body}", encoding="utf-8")
    return subprocess.run(
        [sys.executable, *options, str(at)], cwd=cwd, capture_output=True, text=True, check=False, timeout=LIMIT_S
    )


TWO_SCANS = """
import json, threading
from pathlib import Path
from engine.inspector import Inspector
from engine.request import ScanRequest
from engine.scan import pool, run

print("body")
stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()
ways = []
launch = pool.launch
pool.launch = lambda way, *rest: (ways.append(way), launch(way, *rest))[1]
run.usable_cores = lambda: 2
{more}
try:
    for path, model in {wanted!r}:
        with Inspector(use_cache=False) as inspector:
            print(json.dumps(inspector.scan(ScanRequest(Path(path), model=model))))
finally:
    stop.set()
    thread.join()
print(json.dumps(ways))
"""


@pytest.mark.parametrize("method", [launch.FRESH, launch.SPAWN])
def test_a_script_without_a_guard_runs_once_and_gets_what_one_process_gets(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(str(make_repository(tmp_path / model, many_files(60 + at))), model) for at, model in enumerate(MODELS)]
    more = "" if method == launch.FRESH else f"pool._start_method = lambda: {method!r}"
    done = script(tmp_path / "unguarded.py", TWO_SCANS.format(wanted=wanted, more=more))
    assert (done.returncode, done.stderr) == (0, "")
    body, *reports, ways = done.stdout.splitlines()
    assert body == "body"
    assert json.loads(ways) == [method] * 4
    monkeypatch.setattr(run, "usable_cores", lambda: 1)
    for (path, model), report in zip(wanted, reports, strict=True):
        with Inspector(use_cache=False) as inspector:
            alone = inspector.scan(ScanRequest(Path(path), model=model))
        assert without_times(json.loads(report)) == without_times(json.loads(json.dumps(alone)))


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in ("seconds", "elapsed_s", "timings")}


def test_modules_in_the_current_directory_are_none_of_a_workers(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "large", many_files(60))
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in ("engine", "json", "msgpack", "regex", "signal", "sitecustomize"):
        (trap / f"{name}.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w').close()\n")
    body = TWO_SCANS.format(wanted=[(str(root), MODELS[0])], more="")
    for options in (["-P"], ["-I"], []):
        done = script(tmp_path / "unguarded.py", body, *options, cwd=trap)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == json.dumps([launch.FRESH] * 2)
    assert not (tmp_path / "sprung").exists()


def test_a_daemon_of_multiprocessing_has_workers_too(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "large", many_files(60))
    body = f"""
import multiprocessing
from engine.scan import pool
from engine.scan.settings import Settings
from engine.scan.run import analyse
from engine.walk import open_listing

def scan(ways):
    launch = pool.launch
    pool.launch = lambda way, *rest: (ways.append(way), launch(way, *rest))[1]
    print(len(analyse(open_listing({str(root)!r}), Settings({ENCODING!r}), None, workers=2).entries), ways, flush=True)

child = multiprocessing.get_context("fork").Process(target=scan, args=([],), daemon=True)
child.start()
child.join()
"""
    done = script(tmp_path / "daemon.py", body)
    assert (done.stdout.strip(), done.stderr) == ("60 ['fresh', 'fresh']", "")


DYING = """
import os, signal
from engine.scan import pool, worker
from engine.scan.settings import Settings
from engine.scan.identity import identify
from engine.scan.plan import batches, plan
from engine.scan.worker import Task
from engine.walk import open_listing

listing = open_listing({root!r})
entries = sorted(plan(identify(listing, [])), key=lambda entry: entry.file.path != "pkg/m7.py")
tasks = [Task(entry.file, entry.file_class, listing.object_format) for entry in entries]
pool._start_method = lambda: {method!r}
original = worker.run_task

def run_poisoned(task, *rest):
    while {busy} and task.file.path == "pkg/m7.py":
        pass
    return original(task, *rest)

worker.run_task = run_poisoned
worker._FILE_CPU_S = 0.3
workers = pool.Pool(listing.content, Settings({encoding!r}), 2)
for number, _ in enumerate(workers.run([[task] for task in tasks], lambda: False)):
    if number == {last}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("method", "busy", "last"),
    [(launch.FORK, False, 0), (launch.FRESH, False, 0), (launch.FORK, True, 10)],
    ids=["forked", "fresh", "hung"],
)
def test_no_worker_outlives_its_parent(listing: Listing, tmp_path: Path, method: str, busy: bool, last: int) -> None:
    body = DYING.format(root=str(listing.root), method=method, busy=busy, last=last, encoding=ENCODING)
    # Returning at all is the proof: the workers hold the other end of stderr as long as they live.
    done = script(tmp_path / "dying.py", body)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")


def test_fresh_workers_leave_no_process_and_no_descriptor(listing: Listing, started: list[launch.Process]) -> None:
    expected = in_process(listing)
    before = os.listdir("/proc/self/fd")
    assert answers(Pool(listing.content, Settings(ENCODING), size=2), listing) == expected
    assert len(started) == 2
    assert all(map(gone, started))
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_a_scan_given_up_leaves_no_process(listing: Listing, started: list[launch.Process]) -> None:
    assert list(Pool(listing.content, Settings(ENCODING), size=2).run(tasks(listing), lambda: bool(started))) == []
    records = Pool(listing.content, Settings(ENCODING), size=2).run(tasks(listing), lambda: False)
    assert len(list(islice(records, 3))) == 3
    records.close()  # type: ignore[attr-defined]
    assert len(started) == 4
    assert all(map(gone, started))


def test_a_worker_killed_by_others_costs_no_file(listing: Listing, started: list[launch.Process]) -> None:
    def kill_once() -> None:
        if len(started) == 2:
            assert started[0].pid
            os.kill(started[0].pid, signal.SIGKILL)
            started.append(started[0])

    found = answers(Pool(listing.content, Settings(ENCODING), size=2), listing, kill_once)
    assert {path: row[1:] for path, row in found.items()} == {
        path: row[1:] for path, row in in_process(listing).items() if path in found
    }
    assert len(found) == 40


@pytest.mark.parametrize("command", ["exit 1", "exec tail -f /dev/null", None], ids=["dies", "silent", "missing"])
def test_workers_that_never_start_leave_the_work_to_this_process(
    listing: Listing, tmp_path: Path, command: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "interpreter"
    if command:
        program.write_text(f"#!/bin/sh\necho started >> {tmp_path}/starts\n{command}\n")
        program.chmod(0o755)
    monkeypatch.setattr(launch, "get_executable", lambda: str(program))
    monkeypatch.setattr(pool, "_start_method", lambda: launch.FRESH)
    found = answers(Pool(listing.content, Settings(ENCODING), size=2, stall_s=0.5), listing)
    assert found == in_process(listing)
    if command:
        assert len((tmp_path / "starts").read_text().split()) <= 4


def test_a_vocabulary_that_only_this_process_knows_is_counted_here(
    listing: Listing, started: list[launch.Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._loaded, "only-here", registry.tokenizer(ENCODING))
    found = answers(Pool(listing.content, Settings("only-here"), size=2), listing)
    assert found == in_process(listing)
    assert len(started) <= 4


def test_suspects_are_only_read_as_text_when_no_worker_can_start_any_more(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = in_process(listing)
    original, parent = worker.run_task, os.getpid()
    risked: list[str] = []

    def run_poisoned(task: Task, content: ContentSource, settings: Settings, rules: Rules) -> BlobRecord:
        if task.file.path == "pkg/m7.py" and not task.text_only:
            if os.getpid() != parent:
                os._exit(3)
            risked.append(task.file.path)
        return original(task, content, settings, rules)

    starts = iter([launch.launch])

    def start_once(*arguments: Any) -> tuple[launch.Process, Connection]:
        start = next(starts, None)
        if start is None:
            raise OSError("no more processes")
        return start(*arguments)

    monkeypatch.setattr(worker, "run_task", run_poisoned)
    monkeypatch.setattr(pool, "launch", start_once)
    monkeypatch.setattr(pool, "_start_method", lambda: launch.FORK)
    found = answers(Pool(listing.content, Settings(ENCODING), size=2), listing)
    assert found.keys() == expected.keys()
    assert found["pkg/m7.py"][0]
    assert not risked


def test_batches_of_any_size_are_answered_by_fresh_workers(listing: Listing, started: list[launch.Process]) -> None:
    flat = [task for batch in tasks(listing) for task in batch]
    records = Pool(listing.content, Settings(ENCODING), size=3).run(batches(flat, [5_000] * len(flat)), lambda: False)
    assert {task.file.path for task, _ in records} == {task.file.path for task in flat}
