"""Every command, watched: it reaches no network, runs nothing but git and itself, and writes only where it may."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import COMMANDS
from tests.engine.walk.repos import git, write
from tests.sample import make_repository
from tests.security.watched import Person, Seen, everything_below
from tests.tui.waiting import wait_until

LOG = json.dumps(
    {"type": "assistant", "sessionId": "s", "requestId": "r", "timestamp": "2026-11-20T10:00:00Z", "message": {
        "id": "m", "model": "claude-opus-5-5", "role": "assistant", "stop_reason": "end_turn", "content": [],
        "usage": {"input_tokens": 10, "output_tokens": 20}}}
)  # fmt: skip
STORIES: dict[str, list[str]] = {
    "look": [
        "inspect REPO", "inspect REPO --text", "scan REPO", "scan REPO --json", "scan REPO --rev HEAD",
        "count REPO -m gpt-5.5,claude-opus-5-5,gemini-3.1-pro-preview", "show REPO/shop/orders.py", "models",
        "models gpt-5.5", "config show REPO", "config path", "inspect REPO --no-cache", "watch REPO -b 2k", "doctor",
        "spec --json", "completion bash",
    ],
    "pack": [
        "pack REPO -b 1k", "pack REPO -b 1k --query total --format xml", "pack REPO -b 2k --diff HEAD~1",
        "pack REPO --split 500", "search total REPO", "search total REPO -b 500 --json", "diff 1k 2k REPO",
        "pack REPO -b 1k -o OUT/pack.md --report OUT/report.json", "pack REPO --split 500 -o OUT/parts.md",
        "pack REPO -b 1k --no-cache",
    ],
    "check": [
        "check REPO --base HEAD~1 --max-growth 90%", "check REPO --max-total 1",
        "check REPO --max-total 9k --format json=OUT/check.json --format sarif=OUT/check.sarif --format text",
    ],
    "tuned": [
        "profile suggest REPO", "profile save lean weights.tests=0.5 REPO --use", "profile list REPO",
        "profile show lean REPO", "profile set weights.docs=2 REPO", "profile history lean REPO", "profile diff REPO",
        "profile export lean REPO -o OUT/lean.toml", "profile import OUT/lean.toml REPO --name other",
        "profile use other REPO", "profile reset REPO", "profile learn REPO", "pack REPO -b 1k --profile lean",
        "profile outcome REPO --useful shop/orders.py", "budget 12k REPO", "budget show REPO", "budget clear REPO",
    ],
    "told": [
        "telemetry record --provider openai --model gpt-5.5 --category docs --complexity low --output 900 --finish stop"
        " --ceiling 2000 --at 2026-11-20T10:00:00Z",
        "telemetry import OUT/log.jsonl", "telemetry list", "telemetry report", "telemetry packs",
        "telemetry export -o OUT/calls.jsonl", "telemetry show nothing", "estimate --category docs --complexity low",
        "calibrate", "calibrate --backtest", "calibrate --history", "calibrate --tokens",
    ],
    "kept": [
        "scan REPO", "cache status", "cache prune", "cache clear", "db upgrade", "db status", "db backup OUT/copy.db",
        "db backup", "pack REPO -b 1k --db sqlite:///OUT/team.db", "budget 9k REPO --db sqlite:///OUT/team.db",
    ],
    "wrong": [
        "frobnicate", "pack REPO -b 3", "pack REPO/nothing", "scan REPO --rev nowhere", "count REPO -m gpt-55",
        "pack REPO -b 1k -o OUT/no/folder.md", "call hello --provider openai -m gpt-5.5 --retries 0",
    ],
}  # fmt: skip
"""What people do, in order, with folders of its own for each. REPO and OUT stand for the repository and where they ask
results to be written."""
TWO = {"serve", "mcp"}
"""Commands that run until they are told to end; they have tests of their own."""
# GitPython tries a program of no name while it is imported, so that it runs none.
PROGRAMS = {"", "git", Path(sys.executable).name, Path(os.path.realpath(sys.executable)).name}

APP = """
import asyncio, sys
from pathlib import Path
from typing import Any
import tui.__main__
from tui.app import PacksightApp
from engine.cli.inspect import _open_app

def open_app(setup):
    async def use():
        app = PacksightApp(setup)
        async with app.run_test(size=(120, 36)) as pilot:
            async def until(condition):
                async with asyncio.timeout(60):
                    while not condition():
                        await asyncio.sleep(0.01)
            await until(lambda: app.state.settled)
            for key in ("equals_sign", "p", "d", "f", "h", "c", "i", "down", "x", "u"):
                await pilot.press(key)
            await until(lambda: app.state.settled and app.state.is_current)
        print("ended", app.state.pack.actual)
    asyncio.run(use())
    return 0

tui.__main__.open_app = open_app
flags = dict.fromkeys(("model", "budget", "profile", "db", "include", "exclude", "submodules"))
sys.exit(_open_app(sys.argv[1], None, {**flags, "budget": "2k"}, "", no_cache=False))
"""


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path / "person")


@pytest.fixture
def repository(person: Person) -> Path:
    root = make_repository(person.here / "repo")
    write(root, {"shop/orders.py": "def total(lines):\n    return sum(lines)\n"})
    git(root, "commit", "-qam", "Less of orders")
    write(root, {"new.md": "# New\n"})
    return root


def outside(written: Iterable[Path], allowed: Iterable[Path]) -> set[Path]:
    """What of the places is below none of the allowed ones."""
    fine = (*allowed, Path(os.devnull))
    return {path for path in written if not any(path == one or one in path.parents for one in fine)}


def expect_at_home(person: Person, seen: Seen, *asked: Path) -> None:
    """The process behaved; what it made for the time being is gone."""
    assert seen.of("begin"), "the process was not watched"
    assert seen.of("network") == []
    assert seen.started <= PROGRAMS
    # Folders on the way to its own are made when they are not there yet.
    ways = {above for own in person.own for above in own.parents if person.base / "home" in above.parents}
    assert outside(seen.written - ways, (*person.own, person.temp, *asked)) == set()
    assert list(person.temp.iterdir()) == []
    assert "Traceback" not in seen.err


def test_every_command_has_its_part_in_a_story() -> None:
    told = {line.split()[0] for lines in STORIES.values() for line in lines} - {"frobnicate"}
    assert told | TWO == set(COMMANDS)


@pytest.mark.parametrize("story", STORIES)
def test_a_command_stays_on_this_machine_and_in_its_folders(story: str, person: Person, repository: Path) -> None:
    asked = person.base / "asked"
    asked.mkdir()
    (asked / "log.jsonl").write_text(LOG + "\n")
    before = everything_below(repository), everything_below(person.base / "home", person.own)
    for line in STORIES[story]:
        words = [word.replace("REPO", str(repository)).replace("OUT", str(asked)) for word in line.split(" ")]
        seen = person.run(*words, OPENAI_API_KEY="none" if story == "wrong" else "")
        if story == "wrong":
            assert seen.code in (1, 2, 3, 4), (line, seen.err)
        if words[0] == "call":
            # The one command that is there to reach a service: here it cannot, and says so.
            assert {note[0] for note in seen.of("network")} <= {"socket.getaddrinfo", "socket.connect"}
            continue
        expect_at_home(person, seen, asked)
        assert not any(person.here in path.parents for path in seen.written)
    left = (person.base / "home" / name for name in (".local", ".cache", ".config"))
    kept = {str(path) for one in left for path in (one, *one.glob("share"))}
    home = {
        name: facts for name, facts in everything_below(person.base / "home", person.own).items() if name not in kept
    }
    assert (everything_below(repository), home) == before


def test_the_app_stays_on_this_machine_and_in_its_folders(person: Person, repository: Path) -> None:
    before = everything_below(repository)
    seen = person.python("-c", APP, repository)
    assert "ended" in seen.out, seen.err
    expect_at_home(person, seen)
    assert everything_below(repository) == before


def test_the_server_for_agents_stays_on_this_machine_and_in_its_folders(person: Person, repository: Path) -> None:
    pytest.importorskip("mcp")
    before = everything_below(repository)
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    talk = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call",
         "params": {"name": "pack_context", "arguments": {"path": ".", "budget": "1k"}}},
    ]  # fmt: skip
    person.notes.unlink(missing_ok=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "engine", "mcp", "--root", str(repository)], cwd=person.here,
        env=person.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    answers: list[dict[str, Any]] = []
    with server:
        for message in talk:
            server.stdin.write(json.dumps(message) + "\n")
        server.stdin.flush()
        while len(answers) < 2:
            answer = json.loads(server.stdout.readline())
            answers += [answer] if "id" in answer else []
        server.stdin.close()
        assert server.wait(30) == 0
    assert "Shop" in answers[1]["result"]["structuredContent"]["text"]
    expect_at_home(person, Seen(0, "", "", person.noted()))
    assert everything_below(repository) == before


@pytest.mark.skipif(os.name == "nt", reason="ctrl-c is sent otherwise there")
def test_serving_listens_on_loopback_alone(person: Person, repository: Path) -> None:
    pytest.importorskip("textual_serve")
    server = subprocess.Popen(
        [sys.executable, "-m", "engine", "serve", str(repository), "--port", "0"], cwd=person.here,
        env=person.environment(loopback=True), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with server:
        assert server.stderr is not None
        try:
            assert "http://127.0.0.1:" in server.stderr.readline()
            wait_until(lambda: any(note[0] == "loop" for note in person.noted()), "the port is open")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    seen = Seen(0, "", "", person.noted())
    assert {note[0] for note in seen.of("loop")} <= {"socket.bind", "socket.getaddrinfo", "socket.connect"}
    expect_at_home(person, seen)


def test_the_watch_sees_and_stops_what_it_is_there_for(person: Person) -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), 0.1)"
    seen = person.python("-c", reach)
    assert "NetworkForbidden" in seen.err
    assert seen.of("network")
    assert person.python("-c", "import urllib.request as u; u.urlopen('http://example.invalid')").of("network")
    seen = person.python("-c", "import os, sqlite3, subprocess; open('a', 'w').close(); os.mkdir('b'); "
                         "sqlite3.connect('c').close(); subprocess.run(['true'])")  # fmt: skip
    assert {path.name for path in seen.written} == {"a", "b", "c"}
    assert seen.started == {"true"}
