"""Hours of use in minutes: the real app, headless, on a repository that changes under it, repacked and counted anew.

Three parts, each begun by a warm-up that does not count: rounds of changes on disk that the app sees by itself (files
edited, added, taken away, renamed, commits and branches), packs for another budget by keys, and other models. Memory is
looked at after garbage was collected; when the app has ended, threads, processes and open files are counted.
``[--rounds N] [--repacks N] [--switches N] [--repo DIR] [--small] [--json] [--trace]``; exit code 1 when a promise is
missed.
Each look is told as it is taken; a run that is ended early (Ctrl-C, SIGTERM) states what it reached and compares that.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.processes import descendants

FLAT = 0.05
"""Part by which memory may grow from the end of the warm-up to the end of a part."""
WARM = 0.2
"""Part of the steps that is warm-up: caches with a bound fill, code runs for the first time."""
SAMPLES = 9
"""Looks at memory within a part, the first of them after the warm-up."""
MODELS = ("gpt-5.5", "claude-opus-5-5", "gemini-3.1-pro-preview", "gpt-4o", "claude-sonnet-4-5", "qwen3-coder-plus")
SIZE = (140, 40)
_LIMIT_S = 120.0
_SOURCE = (
    '"""Part {0}."""\n\n\ndef part_{0}(value):\n    """Add {0} to a value."""\n    # round {1}\n'
    "    return value + {0} + {1}\n"
)


@dataclass(frozen=True, slots=True)
class Look:
    """What the process holds at one moment."""

    step: int
    rss_mib: float
    blocks: int
    """Small objects of Python that are allocated."""
    objects: int
    """Objects that the collector of garbage knows of."""
    threads: int
    files: int
    children: int


@dataclass(slots=True)
class Part:
    """One of the three."""

    name: str
    steps: int
    """How many were asked for."""
    reached: int = 0
    seconds: float = 0.0
    looks: list[Look] = field(default_factory=list)

    def growth(self, what: str) -> float:
        """Part by which the later half of the looks is above the first ones, by medians: single looks scatter."""
        values = [float(getattr(look, what)) for look in self.looks]
        third = max(1, len(values) // 3)
        first, last = sorted(values[:third])[third // 2], sorted(values[-third:])[third // 2]
        return last / first - 1 if first else 0.0

    @property
    def is_flat(self) -> bool:
        """Whether memory stayed within the promise; less than its resolution, in a short run, is no growth."""
        return self.growth("rss_mib") <= FLAT and self.growth("blocks") <= FLAT

    @property
    def verdict(self) -> str:
        """The promise in a word; of a part that did not come to its end it is none."""
        if self.reached < self.steps:
            return "ended early"
        return "kept" if self.is_flat else "MISSED"


@dataclass(slots=True)
class Outcome:
    """Everything that was found."""

    parts: list[Part]
    left_threads: list[str]
    left_processes: list[int]
    left_files: list[str]
    trouble: str = ""
    """What the app said went wrong."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was left and nothing went wrong."""
        return not (self.left_threads or self.left_processes or self.left_files or self.trouble)


def open_files() -> dict[str, str]:
    """What descriptors of this process lead to, by number, on Linux; elsewhere nothing."""
    found: dict[str, str] = {}
    for entry in Path("/proc/self/fd").glob("*"):
        try:
            found[entry.name] = os.readlink(entry)
        except OSError:
            continue
    return found


def look(step: int) -> Look:
    """Collect garbage, then look."""
    gc.unfreeze()
    for _ in range(2):
        gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return Look(
        step,
        pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        sys.getallocatedblocks(),
        len(gc.get_objects()),
        threading.active_count(),
        len(open_files()),
        len(descendants(os.getpid())),
    )


def git(root: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)


def change(root: Path, turn: int) -> str:
    """Do to a repository what an hour's work does; the path that is new in it afterwards.

    Always four files of ``rounds/`` are there, so that the repository does not grow.
    """
    folder = root / "rounds"
    folder.mkdir(exist_ok=True)
    new = f"rounds/part_{turn}.py"
    for old in sorted(folder.glob("part_*.py"), key=lambda path: path.stat().st_mtime)[:-3]:
        old.unlink()
    edited = sorted(folder.glob("*.py"))
    if edited:
        edited[0].write_text(_SOURCE.format(turn % 7, turn), "utf-8")
    if turn % 3 == 0 and len(edited) > 1:
        edited[-1].rename(folder / f"part_{turn}_moved.py")
    (root / new).write_text(_SOURCE.format(turn, turn), "utf-8")
    if turn % 4 == 1:
        git(root, "add", "-A")
        git(root, "commit", "-qm", f"Round {turn}")
    if turn % 10 == 9:
        git(root, "add", "-A")
        git(root, "commit", "-q", "--allow-empty", "-m", f"Before the branch of round {turn}")
        git(root, "switch", "-qC", f"branch{turn % 20}")
    return new


class Soak:
    """The app, and what is done with it."""

    def __init__(self, root: Path, home: Path) -> None:
        """Prepare the app on a repository; what it keeps goes below ``home``."""
        from engine.inspector import Inspector
        from engine.request import PackRequest, ScanRequest, Tuning
        from tui.app import PacksightApp
        from tui.setup import Setup

        self.root = root
        self.parts: list[Part] = []
        """What was done so far, also when it ends early."""
        scan = ScanRequest(root, MODELS[0])
        with Inspector() as inspector:
            config = inspector.config(root, {"model": MODELS[0], "budget": 16_000})
        self.app = PacksightApp(
            Setup(
                request=PackRequest(scan, 16_000),
                settle_request=lambda engine: engine.request(scan, config, Tuning()),
                config=config,
                make_engine=lambda emit, cancelled: Inspector(emit=emit, cancelled=cancelled),
                config_folder=home / "config",
                data_folder=home / "data",
                watch=True,
            )
        )

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Let the app work until a condition holds."""
        limit_s = time.monotonic() + _LIMIT_S
        while not condition():
            if time.monotonic() > limit_s or self.app.state.trouble:
                raise TimeoutError(f"{what} never came {self.app.state.trouble}")
            await asyncio.sleep(0.002)

    def paths(self) -> set[str]:
        """Files of the chart."""
        chart = self.app.state.chart
        return {file.path for file in chart.columns.files} if chart is not None else set()

    async def key(self, name: str) -> None:
        """Press a key."""
        from textual import events

        character = {"equals_sign": "=", "minus": "-"}.get(name, name if len(name) == 1 else None)
        self.app.post_message(events.Key(name, character))
        await asyncio.sleep(0)

    async def round(self, turn: int) -> None:
        """Change the repository, and wait until the app shows it; now and then go to another screen."""
        new = change(self.root, turn)
        await self.until(lambda: new in self.paths() and self.app.state.phase == "ready", f"round {turn}")
        if turn % 5 == 0:
            for key, mode in (("p", "pack"), ("d", "compare"), ("f", "profile"), ("i", "inspector")):
                await self.key(key)
                await self.until(lambda mode=mode: self.app.current_mode == mode, f"the screen {mode}")
                await asyncio.sleep(0.01)
        if turn % 5 == 2:
            await self.key("down")

    async def repack(self, turn: int) -> None:
        """Move the budget by a key, and wait for the pack."""
        before = self.app.state.generation
        await self.key("equals_sign" if turn // 25 % 2 == 0 else "minus")
        await self.until(
            lambda: self.app.state.generation > before and self.app.state.is_current, f"the pack of step {turn}"
        )
        if turn % 500 == 499:
            await self.until(lambda: self.app.state.settled is not None, "the text of a pack")

    async def switch(self, turn: int) -> None:
        """Count for another model, and wait for the pack."""
        from tui.messages import RequestChanged

        request = self.app.state.request
        wanted = replace(request, scan=replace(request.scan, model=MODELS[turn % len(MODELS)]))
        self.app.screen.post_message(RequestChanged(wanted))
        await self.until(
            lambda: (
                self.app.state.request.scan.model == wanted.scan.model
                and self.app.state.phase == "ready"
                and self.app.state.chart is not None
                and self.app.state.chart.scan.model == wanted.scan.model
                and self.app.state.is_current
            ),
            f"model {wanted.scan.model}",
        )

    async def run(self, steps: dict[str, int], trace: bool) -> None:
        """All parts in turn."""
        async with self.app.run_test(size=SIZE):
            await self.until(lambda: self.app.state.settled is not None, "the first pack")
            await self.key("equals_sign")
            await self.until(lambda: self.app.state.generation and self.app.state.settled is not None, "a second pack")
            doing: dict[str, Callable[[int], Awaitable[None]]] = {
                "change rounds": self.round, "repacks": self.repack, "model switches": self.switch
            }  # fmt: skip
            for name, do in doing.items():
                if steps[name]:
                    self.parts.append(Part(name, steps[name]))
                    await self.part(self.parts[-1], do, trace)

    async def part(self, part: Part, do: Callable[[int], Awaitable[None]], trace: bool) -> None:
        """One part, looked at on the way."""
        began_s = time.monotonic()
        warm = int(part.steps * WARM)
        due = {warm + round((part.steps - warm) * number / (SAMPLES - 1)) for number in range(SAMPLES)}
        before: Any = None
        for turn in range(part.steps + 1):
            if turn in due:
                await self.until(lambda: self.app.state.settled is not None, "the text of the pack")
                await asyncio.sleep(0.05)
                part.looks.append(look(turn))
                print(f"  {part.name} {turn:,}: {_words(part.looks[-1])}", file=sys.stderr, flush=True)
                if trace and turn == warm:
                    before = _snapshot()
            if turn < part.steps:
                await do(turn)
                part.reached, part.seconds = turn + 1, time.monotonic() - began_s
        if trace:
            for line in _snapshot().compare_to(before, "lineno")[:12]:
                print("   ", line, file=sys.stderr)


def _snapshot() -> Any:
    import tracemalloc

    if not tracemalloc.is_tracing():
        tracemalloc.start(1)
    return tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, tracemalloc.__file__)])


def _words(one: Look) -> str:
    return (
        f"{one.rss_mib:.1f} MiB, {one.blocks:,} blocks, {one.objects:,} objects, {one.threads} threads, "
        f"{one.files} files, {one.children} processes"
    )


def soak(root: Path, home: Path, steps: dict[str, int], trace: bool = False) -> Outcome:
    """Run everything and look at what is left."""
    threads, files = set(threading.enumerate()), open_files()
    children = set(descendants(os.getpid()))
    one = Soak(root, home)
    try:
        asyncio.run(one.run(steps, trace))
        trouble = one.app.state.trouble
    except TimeoutError as error:
        log = home / "data" / "trouble.log"
        trouble = f"{error}\n{log.read_text('utf-8') if log.exists() else ''}".strip()
    except KeyboardInterrupt:
        trouble = "ended before it was done"
    parts = one.parts
    del one
    gc.unfreeze()
    gc.collect()

    def left() -> tuple[list[str], list[int], list[str]]:
        return (
            sorted(thread.name for thread in threading.enumerate() if thread not in threads),
            sorted(set(descendants(os.getpid())) - children),
            sorted(target for number, target in open_files().items() if files.get(number) != target),
        )

    limit_s = time.monotonic() + 5  # watchers look twice a second whether they are to end
    while any(left()) and time.monotonic() < limit_s:
        time.sleep(0.05)
    return Outcome(parts, *left(), trouble)


def show(outcome: Outcome) -> None:
    """Print the table."""
    print(f"{'part':16}{'steps':>8}{'seconds':>9}{'RSS MiB':>18}{'growth':>8}{'blocks':>22}{'growth':>8}  promise")
    for part in outcome.parts:
        if not part.looks:
            print(f"{part.name:16}{part.reached:8,}{part.seconds:9.0f}  ended early, before the first look")
            continue
        first, last = part.looks[0], part.looks[-1]
        rss, blocks = f"{first.rss_mib:.1f} → {last.rss_mib:.1f}", f"{first.blocks:,} → {last.blocks:,}"
        print(
            f"{part.name:16}{part.reached:8,}{part.seconds:9.0f}{rss:>18}{part.growth('rss_mib'):8.1%}{blocks:>22}"
            f"{part.growth('blocks'):8.1%}  {part.verdict}"
        )
    for what, found in (
        ("threads", outcome.left_threads), ("processes", outcome.left_processes), ("open files", outcome.left_files)
    ):  # fmt: skip
        print(f"{what} left at the end: {len(found)} {found or ''}")
    if outcome.trouble:
        print(f"trouble: {outcome.trouble}")


def main(arguments: list[str] | None = None) -> int:
    """Run it and print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="changes on disk; an hour's, one in twelve seconds")
    parser.add_argument("--repacks", type=int, default=10_000)
    parser.add_argument("--switches", type=int, default=1_000)
    parser.add_argument("--repo", type=Path, help="repository to clone and change; one made by code when left out")
    parser.add_argument("--small", action="store_true", help="a fifth of the repository made by code, for short runs")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--trace", action="store_true", help="say which lines allocated what grew; slower")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    steps = {"change rounds": options.rounds, "repacks": options.repacks, "model switches": options.switches}
    with tempfile.TemporaryDirectory(prefix="packsight-soak-") as name:
        folder = Path(name)
        for which in ("CACHE", "DATA", "CONFIG"):
            os.environ[f"PACKSIGHT_{which}_DIR"] = str(folder / which.lower())
        if options.repo is not None:
            git(folder, "clone", "-q", "--no-hardlinks", str(options.repo.resolve()), "sample")
            root = folder / "sample"
        else:
            from benchmarks.sample import repository

            root = repository(folder)
            for large in ("src/email", "src/unittest", "docs"):
                shutil.rmtree(root / large)
            if options.small:
                for one in (root / "src").glob("*.py"):
                    one.unlink()
            git(root, "add", "-A")
            git(root, "commit", "-qm", "Less of it")
        outcome = soak(root, folder, steps, options.trace)
    if options.json:
        print(json.dumps(asdict(outcome)))
    else:
        show(outcome)
    return int(not outcome.is_clean or not all(part.is_flat for part in outcome.parts))


if __name__ == "__main__":
    sys.exit(main())
