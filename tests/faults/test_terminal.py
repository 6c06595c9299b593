"""A terminal that is resized all the time, and then closed, while the program is busy."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress

import pytest

from tests.faults.scenes import World, scanned

PATIENCE_S = 90.0


def take_terminal() -> None:
    """Make stdin the terminal of this session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize(("words", "mark"), [(("scan",), b"/s"), ((), b"\x1b[?1049h")], ids=["scan", "app"])
def test_a_terminal_that_is_resized_and_closed_leaves_nobody_behind(
    world: World, words: tuple[str, ...], mark: bytes
) -> None:
    for number in range(300):
        (world.root / f"m{number}.py").write_text(f"def f{number}(x):\n    return [x, {number}]\n" * 60)
    leader, follower = pty.openpty()
    fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", *words, str(world.root)],
        env={**os.environ, **world.variables, "TERM": "xterm-256color"},
        stdin=follower, stdout=follower, stderr=follower, start_new_session=True, preexec_fn=take_terminal,
    )  # fmt: skip
    os.close(follower)
    seen, begun = b"", False
    end_s = time.monotonic() + PATIENCE_S
    sizes = 0
    with suppress(OSError):  # the other end is gone
        while (not begun or sizes < 200) and process.poll() is None and time.monotonic() < end_s:
            seen = seen[-100_000:] + os.read(leader, 65_536)
            begun = begun or mark in seen
            for columns in (1, 250, 100):
                sizes += 1
                fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("4H", 2 + sizes % 50, columns, 0, 0))
    assert process.poll() in (None, 0)
    assert begun
    os.close(leader)
    try:
        process.wait(PATIENCE_S)
        while alive(process.pid) and time.monotonic() < end_s:
            os.sched_yield()
        assert not alive(process.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert b"Traceback" not in seen
    assert scanned(world)["root"] == str(world.root)


def alive(group: int) -> bool:
    """Whether anybody of a process group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
