"""A service on loopback in OpenAI's wire shape, streaming and not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {
    "prompt_tokens": 60,
    "completion_tokens": 42,
    "total_tokens": 102,
    "prompt_tokens_details": {"cached_tokens": 50},
    "completion_tokens_details": {"reasoning_tokens": 12},
}
BEGUN = {"role": "assistant", "content": "fi"}


@dataclass
class Service:
    """What came, and what to answer."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    finish: str = "stop"
    status: int = 200

    def answer(self, number: int) -> dict[str, Any]:
        choice = {"index": 0, "message": {"role": "assistant", "content": "fine"}, "finish_reason": self.finish}
        return {
            "id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1, "model": "gpt-5.5",
            "choices": [choice], "usage": USAGE,
        }  # fmt: skip

    def pieces(self, number: int) -> Iterator[str]:
        head = {"id": f"chatcmpl-{number}", "object": "chat.completion.chunk", "created": 1, "model": "gpt-5.5"}
        for delta, finish in (
            (BEGUN, None),
            ({"content": "ne"}, None),
            ({}, self.finish),
        ):
            yield json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        yield json.dumps({**head, "choices": [], "usage": USAGE})
        yield "[DONE]"


@contextmanager
def service() -> Iterator[Service]:
    known = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.bodies.append(body)
            if known.status != 200:
                self._send(known.status, "application/json", b'{"error": {"message": "no", "type": "server_error"}}')
            elif body.get("stream"):
                text = "".join(f"data: {piece}\n\n" for piece in known.pieces(len(known.bodies)))
                self._send(200, "text/event-stream", text.encode())
            else:
                self._send(200, "application/json", json.dumps(known.answer(len(known.bodies))).encode())

        def _send(self, status: int, kind: str, raw: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
