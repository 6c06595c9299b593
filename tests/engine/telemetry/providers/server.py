"""A service on loopback that answers what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Served:
    """What is sent back: one JSON document, or the lines of a stream."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[bytes] = ()
    raw: bytes | None = None
    cut: bool = False
    """Close the connection in the middle of it."""
    hold: threading.Event | None = None
    """Wait for this before the last event, or before answering at all when there is none."""
    then: Callable[[], None] | None = None
    """Called after the first event is out."""


@dataclass
class Service:
    """The running service."""

    url: str
    answers: list[Served]
    asked: list[Asked]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [one.body for one in self.asked]


@contextmanager
def serving(answers: Sequence[Served]) -> Iterator[Service]:
    """Answer requests in order, the last answer for all that follow."""
    service = Service("", list(answers), [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            body = json.loads(self.rfile.read(length) or b"{}")
            asked = Asked(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            service.asked.append(asked)
            served = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]
            try:
                self._send(served)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _send(self, served: Served) -> None:
            if served.events:
                self._stream(served)
                return
            if served.hold is not None:
                served.hold.wait(20)
            data = served.raw if served.raw is not None else json.dumps(served.body).encode()
            self.send_response(served.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data) + (100 if served.cut else 0)))
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)
            if served.cut:
                self._drop()

        def _stream(self, served: Served) -> None:
            self.send_response(served.status)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for number, event in enumerate(served.events):
                if served.hold is not None and number == len(served.events) - 1:
                    served.hold.wait(20)
                self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
                self.wfile.flush()
                if number == 0 and served.then is not None:
                    served.then()
            if served.cut:
                self._drop()
            else:
                self.wfile.write(b"0\r\n\r\n")

        def _drop(self) -> None:
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
