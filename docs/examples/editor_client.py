"""A small editor that knows packsight: what a plug-in does, without the editor. Needs nothing but Python.

    python docs/examples/editor_client.py PATH_OF_PROJECT FILE [FILE…]

It opens files as an editor would, types a line at the top of the first one, and prints what a status bar would show.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

Message = dict[str, Any]
_ENDED: Message = {"error": {"message": "packsight has ended"}}


class Stream:
    """One ``packsight watch --json``. Answers go to who asked, events to ``on_event``."""

    def __init__(
        self, root: Path, on_event: Callable[[Message], None], command: Sequence[str] = ("packsight",)
    ) -> None:
        self._process = subprocess.Popen(
            [*command, "watch", "--json", str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._waiting: dict[int, SimpleQueue[Message]] = {}
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def tell(self, method: str, **params: Any) -> None:
        """Send something that needs no answer: what an editor does at every key."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Message:
        """Send a request and wait for its answer."""
        number = next(self._numbers)
        answer = self._waiting[number] = SimpleQueue()
        if self._ended:
            answer.put(_ENDED)
        self._send({"id": number, "method": method, "params": params})
        message = answer.get(timeout=60)
        if "error" in message:
            raise RuntimeError(message["error"]["message"])
        result: Message = message["result"]
        return result

    def close(self) -> int:
        """Close the stream; gives the exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(timeout=30)
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def _send(self, message: Message) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended, and has said why on stderr; whoever asks is told.

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "event" in message:
                self._on_event(message)
            elif message["id"] in self._waiting:
                self._waiting.pop(message["id"]).put(message)
        self._ended = True
        for waiting in list(self._waiting.values()):
            waiting.put(_ENDED)


def status_line(state: Message) -> str:
    """What a status bar has room for."""
    budget = state["budget"]
    files = ", ".join(f"{one['path']} {one['tokens']:,}" for one in state["buffers"])
    over = f"  OVER BY {budget['over_by']:,}" if budget["over"] else ""
    return f"{files} | pack {budget['pack']['tokens']:,} | {budget['free']:,} of {budget['budget']:,} free{over}"


def main(words: Sequence[str], command: Sequence[str] = ("packsight",)) -> int:
    """Open, type, show."""
    if len(words) < 2:
        print("usage: editor_client.py PATH_OF_PROJECT FILE [FILE…]", file=sys.stderr)
        return 2
    root = Path(words[0])
    stream = Stream(root, lambda message: None, command)
    try:
        for name in words[1:]:
            # Newlines as they are in the file: positions and counts are about these very characters.
            text = (root / name).read_bytes().decode("utf-8", "replace")
            stream.ask("open", path=name, text=text)
        print(status_line(stream.ask("status", packed=True)))
        start = {"line": 0, "character": 0}
        stream.tell("change", path=words[1], edits=[{"range": {"start": start, "end": start}, "text": "# typed\n"}])
        print(status_line(stream.ask("status", packed=True)))
    except (OSError, RuntimeError) as error:
        print(f"editor_client.py: {error}", file=sys.stderr)
        return stream.close() or 3
    return stream.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
