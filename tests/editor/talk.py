"""An editor's side of the stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "engine")
LIMIT_S = 60.0
"""Far beyond what anything takes."""

Message = dict[str, Any]


class Editor:
    """A started stream."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.heard: list[Message] = []
        self._number = 0

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        into: IO[bytes] | None = self.process.stdin
        assert into is not None
        into.write(data)
        into.flush()

    def say(self, method: str, number: int | str | None = None, **params: Any) -> None:
        """Send a request; without a number it wants no answer."""
        message: Message = {"method": method, "params": params}
        if number is not None:
            message["id"] = number
        self.send(json.dumps(message).encode() + b"\n")

    def hear(self, wanted: Callable[[Message], object]) -> Message:
        """Read until a message; every line must be one."""
        out: IO[bytes] | None = self.process.stdout
        assert out is not None
        while line := out.readline():
            message: Message = json.loads(line)
            assert ("event" in message) != ("id" in message), message
            self.heard.append(message)
            if wanted(message):
                return message
        raise AssertionError(f"the stream ended; heard {self.heard[-5:]}")

    def answer(self, method: str, **params: Any) -> Message:
        """Ask, and give the whole answer."""
        self._number += 1
        number = self._number
        self.say(method, number, **params)
        return self.hear(lambda message: message.get("id") == number)

    def ask(self, method: str, **params: Any) -> Message:
        """Ask what is to succeed."""
        answer = self.answer(method, **params)
        assert "error" not in answer, answer
        result: Message = answer["result"]
        return result

    def fails(self, method: str, **params: Any) -> Message:
        """Ask what is to be refused."""
        answer = self.answer(method, **params)
        assert "result" not in answer, answer
        error: Message = answer["error"]
        return error

    def event(self, name: str, wanted: Callable[[Message], object] = lambda params: True) -> Message:
        """Wait for an event."""
        params: Message = self.hear(lambda one: one.get("event") == name and wanted(one["params"]))["params"]
        return params

    def tokens(self, path: str) -> int:
        """Tokens of a buffer once everything is counted."""
        state = self.ask("status")
        found: int = next(one["tokens"] for one in state["buffers"] if one["path"] == path)
        return found

    def end(self) -> tuple[int, bytes]:
        """Close stdin; gives exit code and stderr. What still comes must be messages."""
        out, err = self.process.communicate(timeout=LIMIT_S)
        self.heard += [json.loads(line) for line in out.splitlines()]
        return self.process.returncode, err


@contextmanager
def editing(root: Path, *words: str, command: tuple[str, ...] = COMMAND) -> Iterator[Editor]:
    """Start a stream; it is killed where a test would otherwise wait for ever."""
    process = subprocess.Popen(
        [*command, "watch", "--json", str(root), *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    watchdog = threading.Timer(LIMIT_S, process.kill)
    watchdog.start()
    try:
        yield Editor(process)
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def position(line: int, character: int) -> Message:
    """A position."""
    return {"line": line, "character": character}


def span(start: tuple[int, int], end: tuple[int, int]) -> Message:
    """A range."""
    return {"start": position(*start), "end": position(*end)}


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Message:
    """An edit."""
    return {"range": span(start, end), "text": text}
