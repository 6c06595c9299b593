"""The real app, headless, on a real repository: first frame, keypress to repaint, scrolling, filtering, memory.

Keypress to repaint is the time on the clock from a key event entering the app to the end of the first repaint that
shows the pack for the new request. Run it on a repository of about 100,000 chunks: ``--repo DIR [--include GLOB…]``.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

SIZE = (140, 40)
"""Columns and rows of the terminal."""
_LIMIT_S = 600.0


class Clock:
    """Times repaints of an app."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.painted_s = 0.0
        inner = app._display

        def display(screen: Any, renderable: Any) -> None:
            inner(screen, renderable)
            self.painted_s = time.perf_counter()

        app._display = display

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app work until a condition holds."""
        limit_s = time.monotonic() + _LIMIT_S
        while not condition():
            if time.monotonic() > limit_s:
                raise TimeoutError("the app did not get there")
            await asyncio.sleep(0.0005)

    async def press(self, key: str, condition: Callable[[], object]) -> float:
        """Send a key; milliseconds until the first repaint after the condition holds."""
        from textual import events

        character = {"equals_sign": "=", "minus": "-", "slash": "/"}.get(key, key if len(key) == 1 else None)
        began_s = time.perf_counter()
        self.app.post_message(events.Key(key, character))
        await self.until(condition)
        reached_s = time.perf_counter()
        # What the condition speaks of is painted by the refresh that follows it.
        await self.until(lambda: self.painted_s >= reached_s or (not self.app._batch_count and _idle(self.app)))
        return (max(self.painted_s, reached_s) - began_s) * 1000


def _idle(app: Any) -> bool:
    return not app.screen._dirty_widgets and app.screen._message_queue.empty()


async def measure(repo: Path, include: tuple[str, ...], presses: int) -> dict[str, list[float]]:
    """Drive the app; milliseconds by what was done."""
    import resource

    from engine.inspector import Inspector
    from engine.request import PackRequest, ScanRequest
    from tui.app import PacksightApp
    from tui.setup import Setup
    from tui.widgets.pack_tree import PackTree

    scan = ScanRequest(repo, "gpt-5.5", include=include)
    with tempfile.TemporaryDirectory() as folder:
        app = PacksightApp(
            Setup(
                request=PackRequest(scan, 64_000),
                make_engine=lambda emit, cancelled: Inspector(emit=emit, cancelled=cancelled),
                config_folder=Path(folder) / "config",
                data_folder=Path(folder) / "data",
                watch=False,
            )
        )
        times: dict[str, list[float]] = {}
        async with app.run_test(size=SIZE):
            clock = Clock(app)
            await clock.until(lambda: app.state.settled is not None)
            chart = app.state.chart
            assert chart is not None
            print(f"{chart.columns.chunks:,} chunks in {len(chart.columns.files):,} files", file=sys.stderr)
            tree = app.screen.query_one(PackTree)
            for turn in range(presses):
                key = "equals_sign" if turn % 4 < 2 else "minus"
                before = app.state.generation
                took = await clock.press(
                    key, lambda before=before: app.state.generation > before and app.state.is_current
                )
                times.setdefault("budget key", []).append(took)
                await asyncio.sleep(0.02)
            await clock.until(lambda: app.state.settled is not None)
            tree.focus()
            tree.action_expand(True)
            for key in ("down", "pagedown"):
                for _ in range(presses):
                    row = tree.cursor_row
                    took = await clock.press(key, lambda row=row: tree.cursor_row != row)
                    times.setdefault(f"tree {key}", []).append(took)
            await clock.press("home", lambda: tree.cursor_row == 0)
            for _ in range(8):
                sort = tree.sort
                times.setdefault("sort", []).append(await clock.press("s", lambda sort=sort: tree.sort != sort))
            await clock.press("slash", lambda: app.focused is not None and app.focused.id == "filter")
            for character in "test":
                text = tree.wanted.text + character
                took = await clock.press(character, lambda text=text: tree.wanted.text == text)
                times.setdefault("filter key", []).append(took)
            times["memory MiB"] = [int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20]
            times["peak memory MiB"] = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]
        return times


def start_s(repo: Path, include: tuple[str, ...]) -> tuple[float, float, float]:
    """Seconds from the start of the process to the first frame, to the frame with the pack, to Textual imported."""
    code = """
import sys, time
began = time.perf_counter()
import textual.app, textual.screen, textual.widgets
imported = time.perf_counter()
from tui.memory import hold_memory
hold_memory()  # as tui.__main__ does
import asyncio, tempfile
from pathlib import Path
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from tui.app import PacksightApp
from tui.setup import Setup
folder = Path(tempfile.mkdtemp())
app = PacksightApp(Setup(PackRequest(ScanRequest(Path(sys.argv[1]), "gpt-5.5", include=tuple(sys.argv[2:])), 64000),
    lambda emit, cancelled: Inspector(emit=emit, cancelled=cancelled), folder, folder, watch=False))
async def main():
    inner, frames = app._display, []
    def display(screen, renderable):
        inner(screen, renderable)
        frames.append(time.perf_counter())
    app._display = display
    async with app.run_test(size=(140, 40)):
        while not frames:
            await asyncio.sleep(0.001)
        while app.state.pack is None:
            await asyncio.sleep(0.001)
        known = len(frames)
        while len(frames) == known:
            await asyncio.sleep(0.001)
        print(frames[0] - began, frames[-1] - began, imported - began, flush=True)
        app.bridge.stop()
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code, str(repo), *include], capture_output=True, text=True, check=True)
    frame, complete, imported = map(float, done.stdout.split()[:3])
    return frame, complete, imported


def main(arguments: list[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks app", description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--include", nargs="*", default=[])
    parser.add_argument("--presses", type=int, default=40)
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args(arguments)
    start_s(options.repo, tuple(options.include))  # leaves the cache warm
    starts = [start_s(options.repo, tuple(options.include)) for _ in range(options.starts)]
    frame, complete, imported = (median(times) for times in zip(*starts, strict=True))
    print(f"first frame      {frame - imported:.2f} s over importing Textual ({imported:.2f} s)")
    print(f"complete, warm   {complete:.2f} s from the start of the process")
    times = asyncio.run(measure(options.repo, tuple(options.include), options.presses))
    for what, found in times.items():
        high = quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        print(f"{what:16} median {median(found):7.1f}   95th {high:7.1f}   of {len(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
