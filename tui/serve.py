"""The app in a browser, on loopback: one process of the app per visitor, talked to over a websocket.

Whoever reaches the port could drive the app, so a page is only served to the address printed at the start (it holds a
key), the websocket only to that page, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shlex
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server

from engine.errors import InputError

HOST = "127.0.0.1"
_COOKIE = "packsight"
_ELSEWHERE = re.compile(r"""<(?:link|script|img)\b[^>]*["'](?:https?:)?//[^>]*>(?:</script>)?""", re.IGNORECASE)
"""Tags that would fetch something from another host."""


class _OfflineTemplates(jinja2.FileSystemLoader):
    """The pages of the library without what they fetch from other hosts."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:  # fmt: skip
        """Read a page and take such tags out."""
        source, name, fresh = super().get_source(environment, template)
        return _ELSEWHERE.sub("", source), name, fresh


class LoopbackServer(Server):
    """Serves the app to the one who knows the key."""

    def __init__(self, words: Sequence[str], port: int, title: str, tell: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            words: Arguments of ``packsight`` that open the app.
            port: Port on loopback.
            title: Title of the page.
            tell: Told the address once the port is open.
        """
        # -P: the current folder may be the repository to look at, and its modules are none of ours.
        command = shlex.join([sys.executable, "-P", "-m", "engine", *words])
        super().__init__(command, host=HOST, port=port, title=title, public_url=f"http://{HOST}:{port}")
        self.key = secrets.token_urlsafe(24)
        self._tell = tell
        self._open: set[asyncio.Task[object]] = set()
        """Pages that are open: what talks to their apps."""

    @property
    def address(self) -> str:
        """What to open."""
        return f"{self.public_url}/?key={self.key}"

    def initialize_logging(self) -> None:
        """Leave the terminal to the address and to errors."""

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the port is not open yet."""

    def serve(self, debug: bool = False) -> None:
        """Serve until interrupted, and say where the app is once it can be reached."""
        self.debug = debug
        told = self._tell
        web.run_app(
            self._make_app(), host=self.host, port=self.port, access_log=None, print=lambda *words: told(self.address)
        )

    async def on_shutdown(self, app: web.Application) -> None:
        """End the apps of pages that are open; they would be waited for, a minute long."""
        for page in self._open:
            page.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start an app for a page, and talk to it until the page or the server ends."""
        page = asyncio.current_task()
        if page is not None:
            self._open.add(page)
            page.add_done_callback(self._open.discard)
        return await super().handle_websocket(request)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        aiohttp_jinja2.setup(app, loader=_OfflineTemplates(self.templates_path))
        app.middlewares.append(self._only_with_the_key)
        return app

    @web.middleware
    async def _only_with_the_key(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other names for this host (a page elsewhere may point one here), other origins, and guesses."""
        allowed = request.host == f"{HOST}:{self.port}"
        allowed &= request.headers.get("Origin", self.public_url) == self.public_url
        given = request.query.get("key") or request.cookies.get(_COOKIE, "")
        if not allowed or not secrets.compare_digest(given.encode("utf-8", "replace"), self.key.encode()):
            raise web.HTTPForbidden(text="Open the address that packsight printed: it holds a key.")
        response = await handler(request)
        if "key" in request.query and not response.prepared:
            response.set_cookie(_COOKIE, self.key, httponly=True, samesite="Strict")
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


def free_port(port: int) -> int:
    """Return ``port`` if it can be opened, or any free one when it is 0.

    Raises:
        InputError: the port is taken or not allowed.
    """
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", "") or "it is no port"
            raise InputError(
                f"port {port} cannot be opened: {reason}", "choose another with --port, or 0 for any"
            ) from None
        found: int = probe.getsockname()[1]
        return found


def serve(path: Path, words: Sequence[str], port: int, tell: Callable[[str], Any]) -> None:
    """Serve until interrupted.

    Args:
        path: Repository, for the title.
        words: Options for the app.
        port: Port on loopback; 0 for any.
        tell: Told the address.

    Raises:
        InputError: the port cannot be opened.
    """
    title = f"packsight {path.resolve().name}"
    LoopbackServer(["inspect", str(path), *words], free_port(port), title, tell).serve()
