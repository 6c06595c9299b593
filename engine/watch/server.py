"""One client's stream: requests are answered in the order they come, whatever takes time is done elsewhere."""

from __future__ import annotations

import threading
from typing import Any

from engine import __version__
from engine.errors import PacksightError
from engine.events import Warned
from engine.inspector import Inspector
from engine.watch import limits
from engine.watch.asked import Asked, Options, configured, settle
from engine.watch.buffers import Buffer, Buffers
from engine.watch.counting import Counting
from engine.watch.disk import Disk
from engine.watch.fence import Fence
from engine.watch.lines import Readable, lines
from engine.watch.outbox import Outbox
from engine.watch.packing import Packing
from engine.watch.requests import Id, Refused, Request, parse, refusal
from engine.watch.standing_json import budget_json, buffer_json
from engine.watch.telling import Telling

PROTOCOL = 1
"""Grows when a message changes its meaning; new members are no change."""
_END_S = 5.0
"""How long threads may take to end."""


class Server:
    """Serves requests of one client until they end."""

    def __init__(self, options: Options, inspector: Inspector, out: Outbox, telling: Telling) -> None:
        """Settle what is asked; threads start when requests are read.

        Raises:
            PacksightError: the settings, the model or the budget make no sense.
        """
        self._options, self._inspector, self._out, self._telling = options, inspector, out, telling
        self._fence = Fence(options.root)
        asked = settle(inspector, options)
        self._buffers = Buffers(self._maker(asked), options.unit)
        self._counting = Counting(self._buffers, options.quiet_s, self._tell_count, self._moved_on)
        self._packing = Packing(options, asked, self._room, self._moved_on, self._tell_files, self._out.answer, telling)
        self._disk = Disk(self._fence.root, self._packing.rescan, lambda words: telling(Warned(words)))
        self._waiting: list[tuple[Id | None, bool]] = []
        self._states = threading.Lock()
        self._methods = {
            "open": self._open, "change": self._change, "select": self._select, "close": self._close,
            "status": self._status, "pack": self._pack, "configure": self._configure, "cancel": self._cancel,
        }  # fmt: skip

    def run(self, stream: Readable) -> None:
        """Answer what comes until the client closes its end, or stops reading."""
        self._out.event("ready", self._ready())
        self._telling.begin()
        for thread in (self._counting, self._packing, self._disk):
            thread.start()
        try:
            for line in lines(stream, limits.MESSAGE_BYTES):
                if self._out.gone:
                    break
                self._take(line)
        finally:
            self._disk.close(0)
            self._packing.close(_END_S)
            self._counting.close(_END_S)
            self._give_up_waiting()

    def _take(self, line: bytes | None) -> None:
        request: Request | None = None
        try:
            if line is None:
                most = limits.MESSAGE_BYTES
                raise Refused("too_large", f"a line is longer than {most:,} bytes and was not read", "send edits")
            if not line.strip():
                return
            request = parse(line)
            result = self._methods[request.method](request)
        except Refused as refused:
            self._out.answer(refused.request if request is None else request.id, refused)
        except PacksightError as error:
            self._out.answer(None if request is None else request.id, refusal(error))
        else:
            if result is not None:
                self._out.answer(request.id, result)

    # -- methods: each gives the result, or None when the answer comes later ----------------------------------------

    def _open(self, request: Request) -> dict[str, Any]:
        params = request.params
        buffer = self._buffers.open(self._fence.name(params["path"]), params["text"], params.get("version"))
        return self._taken(buffer)

    def _change(self, request: Request) -> dict[str, Any]:
        return self._taken(self._buffers.change(self._fence.name(request.params["path"]), request.params))

    def _select(self, request: Request) -> dict[str, Any]:
        name = self._fence.name(request.params["path"])
        return self._taken(self._buffers.select(name, request.params["ranges"]))

    def _close(self, request: Request) -> dict[str, Any]:
        name = self._fence.name(request.params["path"])
        self._buffers.close(name)
        self._counting.wake()
        return {"path": name.shown}

    def _status(self, request: Request) -> None:
        with self._states:
            if len(self._waiting) >= limits.WAITING:
                raise Refused("busy", f"{limits.WAITING} requests for the state wait already", "cancel one")
            self._waiting.append((request.id, bool(request.params.get("packed"))))
        self._answer_states()

    def _pack(self, request: Request) -> None:
        self._packing.ask(request.id, request.params)

    def _configure(self, request: Request) -> dict[str, Any]:
        options = configured(self._options, request.params)
        asked = settle(self._inspector, options)
        model_changed = asked.model.encoding != self._packing.asked.model.encoding
        if model_changed or options.unit != self._options.unit:
            self._buffers.recount(self._maker(asked), options.unit)
        self._options = options
        self._packing.configure(options, asked)
        self._counting.wake()
        return self._facts()

    def _cancel(self, request: Request) -> dict[str, Any]:
        wanted = request.params["request"]
        with self._states:
            states = [one for one in self._waiting if one[0] == wanted]
            self._waiting = [one for one in self._waiting if one[0] != wanted]
        for number, _ in states:
            self._out.answer(number, Refused("cancelled", "the request was cancelled"))
        return {"cancelled": self._packing.cancel(wanted) or bool(states)}

    # -- what the threads tell --------------------------------------------------------------------------------------

    def _tell_count(self, buffer: Buffer) -> None:
        self._out.event("count", buffer_json(buffer), buffer.name.shown)

    def _moved_on(self) -> None:
        self._out.event("budget", budget_json(self._packing, self._buffers))
        self._answer_states()

    def _tell_files(self, changed: dict[str, Any]) -> None:
        from engine.watch.standing import joined

        self._out.event("files", changed, merge=joined)

    def _answer_states(self) -> None:
        """Answer whoever waits for a state that is reached."""
        if not self._buffers.settled:
            return
        self._packing.repack()
        with self._states:
            packed = self._packing.settled
            due = [one for one in self._waiting if packed or not one[1]]
            self._waiting = [one for one in self._waiting if not (packed or not one[1])]
        if due:
            state = {
                "buffers": [buffer_json(buffer) for buffer in self._buffers.all()],
                "budget": budget_json(self._packing, self._buffers),
            }
            for number, _ in due:
                self._out.answer(number, state)

    def _give_up_waiting(self) -> None:
        with self._states:
            waiting, self._waiting = self._waiting, []
        for number, _ in waiting:
            self._out.answer(number, Refused("cancelled", "the stream ends"))

    # -- facts ------------------------------------------------------------------------------------------------------

    def _ready(self) -> dict[str, Any]:
        return {
            "protocol": PROTOCOL,
            "packsight": __version__,
            "root": self._fence.root,
            **self._facts(),
            "limits": limits.limits(),
        }

    def _facts(self) -> dict[str, Any]:
        asked = self._packing.asked
        return {
            "unit": self._options.unit,
            "model": asked.model.id,
            "encoding": asked.model.encoding,
            "method": asked.model.method.value,
            "error_band": list(asked.model.error_band),
            "context_window": asked.model.context_window,
            "budget": asked.budget_tokens,
        }

    def _taken(self, buffer: Buffer) -> dict[str, Any]:
        self._counting.wake()
        text = buffer.text
        return {
            "path": buffer.name.shown,
            "version": buffer.version,
            "lines": text.lines,
            "characters": text.characters,
        }

    def _room(self, budget_tokens: int) -> int:
        return budget_tokens - self._buffers.tokens

    def _maker(self, asked: Asked) -> Any:
        model = asked.model.id
        return lambda text: self._inspector.edited(model, text)
