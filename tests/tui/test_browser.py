"""The app in a real browser, and who is let in; skipped where there is no browser."""

from __future__ import annotations

import asyncio
import base64
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sample import make_repository
from tests.tui.waiting import LIMIT_S, wait_until

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve")

BROWSER = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), "")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-dev-shm-usage", "--window-size=1280,800", "--remote-debugging-port=0",
)  # fmt: skip


@contextmanager
def served(home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address that ``packsight serve`` prints, and its process."""
    root = make_repository(home / "shop")
    folders = {f"PACKSIGHT_{which}_DIR": str(home / which.lower()) for which in ("CACHE", "DATA", "CONFIG")}
    command = [sys.executable, "-m", "engine", "serve", str(root), "--port", "0", "--model", "gpt-5.5", "-b", "600"]
    with subprocess.Popen(command, env=os.environ | folders, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            yield server.stderr.readline().split()[-1], server
        finally:
            server.terminate()
            server.communicate(timeout=20)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An address that is served until the last test of this module."""
    with served(tmp_path_factory.mktemp("served")) as (where, _):
        yield where


def asked(address: str, path: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Ask the server; returns status, text and headers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), int(parts.port or 0), timeout=20)
    try:
        connection.request("GET", path or f"{parts.path}?{parts.query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        connection.close()


# -- who is let in -----------------------------------------------------------------------------------------------------


def test_the_one_with_the_key_gets_a_page_that_names_no_other_host(address: str) -> None:
    status, page, headers = asked(address)
    assert status == 200
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert headers["Referrer-Policy"] == "no-referrer"
    host = urlsplit(address).netloc
    # The name of a kind of document is no address.
    named = set(re.findall(r"//([\w.:-]+)", page)) - {"www.w3.org"}
    assert named == {host}


@pytest.mark.parametrize("path", ["/", "/?key=", "/?key=guess", "/ws", "/static/js/textual.js", "/download/x"])
def test_nobody_gets_anything_without_the_key(path: str, address: str) -> None:
    status, text, _ = asked(address, path)
    assert status == 403
    assert "key" in text


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
def test_pages_of_others_get_nothing_even_with_the_key(path: str, address: str) -> None:
    _, _, headers = asked(address)
    cookie = headers["Set-Cookie"].partition(";")[0]
    key = urlsplit(address).query
    for origin in ("http://evil.example", "null", f"https://{urlsplit(address).netloc}"):
        assert asked(address, f"{path}?{key}", Origin=origin)[0] == 403
        assert asked(address, path, Origin=origin, Cookie=cookie)[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1.evil.example"])
def test_another_name_for_this_host_gets_nothing(host: str, address: str) -> None:
    port = urlsplit(address).port
    assert asked(address, Host=f"{host}:{port}")[0] == (200 if f"{host}:{port}" == urlsplit(address).netloc else 403)
    assert asked(address, Host=host)[0] == 403


@pytest.mark.asyncio
async def test_the_server_ends_also_while_a_page_is_open(tmp_path: Path) -> None:
    with served(tmp_path) as (where, server):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(where.replace("/?", "/ws?").replace("http:", "ws:")) as socket,
        ):
            drawn = b""
            while b"Context window" not in drawn:
                message = await socket.receive(LIMIT_S)
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
                drawn += message.data if isinstance(message.data, bytes) else b""
            server.send_signal(signal.SIGINT)
            while message.type not in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSE):
                message = await socket.receive(LIMIT_S)
        assert server.wait(LIMIT_S) == 0


# -- the browser -------------------------------------------------------------------------------------------------------


class Page:
    """A page of a browser, over its own protocol."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.urls: list[str] = []
        """Everything that was fetched or opened."""
        self.drawn = ""
        """Everything that the app wrote to the terminal of the page."""

    async def listen(self) -> None:
        """Take what the browser says until it ends."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said.get("result", said.get("error")))
                continue
            facts = said["params"]
            match said["method"]:
                case "Network.requestWillBeSent":
                    self.urls.append(facts["request"]["url"])
                case "Network.webSocketCreated":
                    self.urls.append(facts["url"])
                case "Network.webSocketFrameReceived":
                    frame = facts["response"]
                    data = frame["payloadData"]
                    self.drawn += base64.b64decode(data).decode() if frame["opcode"] == 2 else data

    async def do(self, method: str, **parameters: Any) -> Any:
        """Ask the browser for something."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return await asyncio.wait_for(self._answers[number], LIMIT_S)

    async def until(self, condition: Callable[[], object], description: str) -> None:
        """Wait for a condition."""
        until_s = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < until_s, f"never came: {description}"
            await asyncio.sleep(0.02)

    async def press(self, key: str) -> None:
        """Press a key with a letter on it."""
        about = {"key": key, "text": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper())}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **about)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    async def click(self, x: int, y: int) -> None:
        """Click."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def picture(self) -> bytes:
        """A picture of the page, PNG."""
        return base64.b64decode((await self.do("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """A browser with an empty page."""
    command = [BROWSER, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            told = folder / "DevToolsActivePort"
            wait_until(lambda: told.exists() and "\n" in told.read_text(), "the browser listens")
            port = told.read_text().split()[0]
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = [one for one in await answer.json() if one["type"] == "page"]
                async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    page = Page(socket)
                    listening = asyncio.create_task(page.listen())
                    yield page
                    listening.cancel()
        finally:
            process.terminate()
            process.wait(20)


def rows_that_differ(picture: bytes) -> int:
    """Different rows of pixels in a PNG; a blank page has two at most, for rows are written as differences."""
    assert picture.startswith(b"\x89PNG")
    width = int.from_bytes(picture[16:20], "big")
    channels = {2: 3, 6: 4}[picture[25]]
    data, at = b"", 8
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4], "big")
        data += picture[at + 8 : at + 8 + size] if picture[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    pixels, line = zlib.decompress(data), width * channels + 1
    return len({pixels[start : start + line] for start in range(0, len(pixels), line)})


@pytest.mark.skipif(not BROWSER, reason="no Chromium here")
@pytest.mark.asyncio
async def test_the_app_is_seen_and_used_in_a_browser_that_asks_nobody_else(address: str, tmp_path: Path) -> None:
    async with browser(tmp_path / "profile") as page:
        await page.do("Network.enable")
        await page.do("Page.enable")
        await page.do("Emulation.setFocusEmulationEnabled", enabled=True)
        await page.do("Page.navigate", url=address)
        await page.until(lambda: "README.md" in page.drawn, "the tree is drawn")
        await page.until(lambda: "from optimal" in page.drawn, "the report is drawn")
        first = await page.picture()
        tries = itertools.count()
        while rows_that_differ(first) < 100:
            assert next(tries) < 200, "the page stays blank"
            first = await page.picture()
        before = len(page.drawn)
        await page.click(640, 300)
        await page.press("p")
        await page.until(lambda: "Pack as" in page.drawn[before:], "the key opens the text of the pack")
        second = await page.picture()
        while second == first:
            assert next(tries) < 200, "the picture stays as it was"
            second = await page.picture()
    hosts = {urlsplit(url).netloc for url in page.urls if not url.startswith(("data:", "about:"))}
    assert hosts == {urlsplit(address).netloc}
    assert any(url.startswith("ws:") for url in page.urls)
