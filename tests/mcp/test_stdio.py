"""The command as agents start it: a process that speaks the protocol on stdout, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.architecture.test_imports import command, loaded
from tests.mcp.talk import MODES, Talk, joined
from tests.sample import make_repository

COMMAND = [sys.executable, "-m", "engine", "mcp"]
NOISY = """
import os, sys
import engine.inspector as room
real = room.Inspector.scan
def scan(self, request):
    print("printed by the engine")
    os.write(1, b"written to descriptor 1\\n")
    os.system("echo said by a child")
    return real(self, request)
room.Inspector.scan = scan
from engine.cli.main import run
sys.argv = ["packsight", "mcp"]
run()
"""
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


class Lines:
    """A process that is spoken to line by line, as the wire has it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.heard: list[dict[str, Any]] = []

    def say(self, message: dict[str, Any] | str) -> None:
        """Send a message."""
        into: IO[str] | None = self.process.stdin
        assert into is not None
        into.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        into.flush()

    def hear(self, number: int) -> dict[str, Any]:
        """Read until the answer to a request; every line must be a message."""
        out: IO[str] | None = self.process.stdout
        assert out is not None
        while line := out.readline():
            message: dict[str, Any] = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            self.heard.append(message)
            if message.get("id") == number:
                return message
        raise AssertionError(f"the server ended: {self.process.stderr and self.process.stderr.read()}")

    def ask(self, number: int, method: str, **params: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        self.say({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.hear(number)

    def begin(self) -> None:
        """Shake hands."""
        self.say(INITIALIZE)
        self.hear(1)
        self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def end(self) -> tuple[int, str]:
        """Close stdin; returns exit code and stderr. Nothing may come behind the last answer."""
        out, err = self.process.communicate(timeout=30)
        assert all(json.loads(line)["jsonrpc"] == "2.0" for line in out.splitlines())
        return self.process.returncode, err


@contextmanager
def started(at: Path, *words: str, program: list[str] = COMMAND) -> Iterator[Lines]:
    """Start a server in a folder."""
    process = subprocess.Popen(
        [*program, *words], cwd=at, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    try:
        yield Lines(process)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.asyncio
@pytest.mark.parametrize("mode", MODES)
async def test_a_client_of_the_sdk_works_through_a_pack(shop: Path, mode: str) -> None:
    server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], cwd=shop, env=dict(os.environ))
    async with Client(server, mode=mode) as client:
        one = Talk(client)
        pages = await one.pages("pack_context", budget="3k", max_tokens=1500)
        assert len(pages) > 1
        result = await client.read_resource("packsight://pack/last")
        assert getattr(result.contents[0], "text", "") == joined(pages)["text"]
        assert "not below a root" in await one.fails("scan", path="..")
        assert (await one.ask("expand", place="shop/money.py:1-2"))["text"].startswith("class Money:")


def test_stdout_carries_only_the_protocol(shop: Path) -> None:
    with started(shop, program=[sys.executable, "-c", NOISY]) as wire:
        wire.begin()
        answer = wire.ask(2, "tools/call", name="scan", arguments={"path": "."})
        assert answer["result"]["structuredContent"]["files"] == 6
        code, err = wire.end()
    assert code == 0
    for words in ("printed by the engine", "written to descriptor 1", "said by a child"):
        assert words in err


def test_lines_that_are_no_messages_do_not_end_it(shop: Path) -> None:
    with started(shop) as wire:
        wire.begin()
        for line in (
            "",
            "no json",
            "[]",
            '{"jsonrpc": "2.0"}',
            '{"jsonrpc":"2.0","id":9,"method":"no/such"}',
            "\x00\x01",
        ):
            wire.say(line)
        answer = wire.ask(2, "tools/call", name="count_tokens", arguments={"texts": ["still here"]})
        assert answer["result"]["structuredContent"]["counts"][0]["count"] == 2
        assert wire.end()[0] == 0


def test_closing_stdin_ends_it_even_while_it_works(tmp_path: Path) -> None:
    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n\n" for n in range(300))
    root = make_repository(tmp_path / "large", {f"m{number}.py": f"# {number}\n{text}" for number in range(200)})
    with started(root) as wire:
        wire.begin()
        call = {"name": "scan", "arguments": {}, "_meta": {"progressToken": "p"}}
        wire.say({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call})
        out = wire.process.stdout
        assert out is not None
        assert json.loads(out.readline())["method"] == "notifications/progress"
        assert wire.end()[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_it_though_it_waits_for_stdin(shop: Path) -> None:
    with started(shop) as wire:
        wire.begin()
        wire.process.send_signal(signal.SIGINT)
        assert wire.process.wait(timeout=30) == 130


def test_a_root_of_the_command_line_is_a_fence(shop: Path) -> None:
    with started(shop.parent, "--root", str(shop / "shop")) as wire:
        wire.begin()
        inside = wire.ask(2, "tools/call", name="scan", arguments={})
        outside = wire.ask(3, "tools/call", name="scan", arguments={"path": str(shop)})
        assert inside["result"]["structuredContent"]["root"] == str(shop / "shop")
        assert outside["result"]["isError"]
        wire.end()


def test_a_root_that_is_not_there_is_refused(shop: Path) -> None:
    done = subprocess.run([*COMMAND, "--root", "no/such"], cwd=shop, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "no/such" in done.stderr


def test_without_the_extra_it_says_how_to_get_it(shop: Path) -> None:
    hidden = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['packsight', 'mcp']; from engine.cli.main import run; run()"
    )
    done = subprocess.run([sys.executable, "-c", hidden], cwd=shop, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "pip install 'packsight[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_else_loads_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    for seen in (loaded("import engine, engine.inspector"), command("scan", tmp_path), command("mcp", "--help")):
        assert not seen & {"mcp", "mcp_types", "pydantic", "anyio", "starlette"}
