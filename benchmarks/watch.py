"""Latency of the editor stream: from a key in a large open text to its new count, against counting the text anew.

Requests go to a real process over its pipes. Its quiet time is off, and there is nothing to pack, so that what is
measured is reading, editing, counting and writing. CPU time of the counting alone is compared as well, because wall
time is shared with whatever else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, homes, packsight
from benchmarks.sample import sources
from benchmarks.table import show
from engine.inspector import Inspector

MOST_OF_A_RECOUNT = 0.25
"""Promised: CPU time of a count after a key, as a part of counting the whole text."""


def cpu_of_keys(model: str, text: str, keys: int) -> tuple[float, float]:
    """CPU seconds of a count after a key, and of counting the whole text; medians."""
    chance = random.Random(1)
    with Inspector(use_cache=False) as inspector:
        edited = inspector.edited(model, text)
        edited.snapshot().count()
        spent = []
        for _ in range(keys):
            at = chance.randrange(edited.characters)
            started_s = time.process_time()
            edited.replace(at, at, "x")
            edited.snapshot().count()
            spent.append(time.process_time() - started_s)
        whole = []
        final = edited.snapshot().text()
        for _ in range(5):
            started_s = time.process_time()
            counted = inspector.count_texts([final], [model])[0]["count"]
            whole.append(time.process_time() - started_s)
        assert counted == edited.snapshot().count()
    return statistics.median(spent), statistics.median(whole)


def wall_of_keys(model: str, text: str, keys: int, folder: Path) -> list[float]:
    """Seconds from sending a key to reading its count, through a process."""
    root = folder / "empty"
    root.mkdir()
    process = subprocess.Popen(
        [packsight(), "watch", "--json", root, "--model", model, "--debounce", "0"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **homes(folder)},
    )  # fmt: skip
    assert process.stdin

    def send(method: str, **params: Any) -> None:
        assert process.stdin
        process.stdin.write(json.dumps({"method": method, "params": params}).encode() + b"\n")
        process.stdin.flush()

    def until(version: int) -> None:
        assert process.stdout
        for line in process.stdout:
            message = json.loads(line)
            if message.get("event") == "count" and message["params"]["version"] == version:
                return
        raise SystemExit("the stream ended")

    send("open", path="untitled:large", text=text, version=0)
    until(0)
    lines = text.count("\n")
    chance = random.Random(2)
    found = []
    for version in range(1, keys + 1):
        place = {"line": chance.randrange(lines), "character": 0}
        started_s = time.perf_counter()
        edit = {"range": {"start": place, "end": place}, "text": "x"}
        send("change", path="untitled:large", version=version, edits=[edit])
        until(version)
        found.append(time.perf_counter() - started_s)
    process.stdin.close()
    process.wait()
    return found


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks watch", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--models", nargs="+", default=["gpt-5.5", "claude-opus-5-5"])
    options = parser.parse_args(arguments)
    text = "\n".join(sources(int(options.megabytes * 1e6)))
    found: list[Figure] = []
    for model in options.models:
        key_s, whole_s = cpu_of_keys(model, text, options.keys)
        found.append(
            Figure(
                f"{model}: count after a key, CPU",
                key_s * 1e3,
                "ms",
                "the whole text",
                whole_s * 1e3,
                MOST_OF_A_RECOUNT,
            )
        )
        with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
            walls = sorted(wall_of_keys(model, text, options.keys, Path(folder)))
        for name, at in (("median", 0.5), ("95th percentile", 0.95)):
            wall_ms = walls[int(at * (len(walls) - 1))] * 1e3
            found.append(
                Figure(f"  key to its count, {name}, wall", wall_ms, "ms", "the whole text, CPU", whole_s * 1e3)
            )
    show(f"editor stream, {len(text) / 1e6:.1f} MB of source code open, {options.keys} keys", found)
    return found
