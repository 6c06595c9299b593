"""Serving over stdin and stdout: nothing but the protocol reaches stdout, whoever prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from engine.inspector import Inspector
from engine.watch.asked import Options
from engine.watch.outbox import Outbox
from engine.watch.server import Server
from engine.watch.telling import Telling


def serve(options: Options, stream: BinaryIO) -> None:
    """Serve one client until it closes stdin.

    Raises:
        PacksightError: the settings, the model or the budget make no sense; nothing was written then.
    """
    with _own_stdout() as descriptor:
        out = Outbox(descriptor)
        telling = Telling(out)
        try:
            with Inspector(use_cache=options.use_cache, emit=telling) as inspector:
                Server(options, inspector, out, telling).run(stream)
        finally:
            out.close()


@contextmanager
def _own_stdout() -> Iterator[int]:
    """Take stdout for the protocol; what is printed meanwhile, also by child processes, goes to stderr."""
    sys.stdout.flush()
    own, before = os.dup(1), sys.stdout
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    try:
        yield own
    finally:
        sys.stdout = before
        os.dup2(own, 1)
        os.close(own)
