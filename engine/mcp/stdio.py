"""Serving over stdin and stdout: nothing but the protocol reaches stdout."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import anyio
from mcp.server.stdio import stdio_server

from engine.mcp.server import McpServer, Options


def serve(options: Options) -> None:
    """Serve one client until it closes stdin."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="packsight: %(message)s")
    with _plain_streams(), suppress(BrokenPipeError):
        anyio.run(_serve, options)


async def _serve(options: Options) -> None:
    server = McpServer(options)
    async with stdio_server() as (reading, writing):
        # Descriptor 1 is stderr by now, so that children cannot write to the client; nor can print.
        sys.stdout = sys.stderr
        await server.run(reading, writing, server.create_initialization_options())


@contextmanager
def _plain_streams() -> Iterator[None]:
    """Give the transport the streams of the process, and let ctrl-c end it though a thread waits for stdin."""
    before = sys.stdin, sys.stdout
    handler = signal.signal(signal.SIGINT, _interrupt)
    sys.stdin, sys.stdout = sys.__stdin__ or before[0], sys.__stdout__ or before[1]
    try:
        yield
    finally:
        sys.stdin, sys.stdout = before
        signal.signal(signal.SIGINT, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    os._exit(130)
