"""What goes to the client: answers in order, events of which only the newest counts, written by a thread of its own.

A client that does not read makes nobody wait for it except itself: events that it has not read are replaced by newer
ones of the same kind, and when too many answers wait, nothing more is read from it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Hashable
from typing import Any

from engine.watch.limits import UNREAD
from engine.watch.requests import Id, Refused

Message = dict[str, Any]
Merge = Callable[[Message, Message], Message]
_SHUT_S = 2.0
"""How long the last messages may take once the stream ends; a client that does not read them gets no more."""


class Outbox:
    """Writes messages to a descriptor."""

    def __init__(self, descriptor: int) -> None:
        """Start the thread; ``descriptor`` stays the caller's."""
        self._descriptor = descriptor
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, Message] = {}
        self._answers = 0
        self._number = 0
        self._closing = False
        self._gone = False
        self._thread = threading.Thread(target=self._run, name="packsight-writer", daemon=True)
        self._thread.start()

    def answer(self, request: Id | None, result: Message | Refused) -> None:
        """Answer a request; waits while too many answers are unread. What has no id is answered only when refused."""
        if isinstance(result, Refused):
            error = {"code": result.code, "message": result.message, **({"hint": result.hint} if result.hint else {})}
            self._put({"id": request, "error": error})
        elif request is not None:
            self._put({"id": request, "result": result})

    def event(self, name: str, params: Message, key: Hashable = "", merge: Merge | None = None) -> None:
        """Tell something. An unread event of the same name and key is replaced, at its place.

        Args:
            name: Kind of event.
            params: What it says.
            key: What it is about; events about different things do not replace each other.
            merge: Joins the unread event with the new one instead.
        """
        message = {"event": name, "params": params}
        with self._changed:
            before = self._waiting.get((name, key))
            if before is not None and merge is not None:
                message["params"] = merge(before["params"], params)
            self._waiting[(name, key)] = message
            self._changed.notify_all()

    def close(self) -> None:
        """Write what is left, as far as the client reads it."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_SHUT_S)

    @property
    def gone(self) -> bool:
        """Whether the client has closed its end."""
        return self._gone

    def _put(self, message: Message) -> None:
        with self._changed:
            while self._answers >= UNREAD and not self._closing and not self._gone:
                self._changed.wait()
            self._number += 1
            self._answers += 1
            self._waiting[self._number] = message
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
                key = next(iter(self._waiting))
                message = self._waiting.pop(key)
                self._answers -= isinstance(key, int)
                self._changed.notify_all()
            data = memoryview(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                with self._changed:
                    self._gone = True
                    self._waiting.clear()
                    self._changed.notify_all()
                return
