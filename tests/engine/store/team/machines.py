"""Machines of a team: each with its own cache, on one repository and one server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from engine.errors import InputError
from engine.events import Event, Warned
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from tests.engine.walk.repos import make

FUNCTION = '''
def function_{n}(value, other):
    """Add two numbers, file {n}.

    A longer explanation of what is done here.
    """
    # step {n}
    result = value + other * {n}
    if result > {n}:
        return result - {n}
    return result
'''


def repository(folder: Path, files: int, functions: int = 8) -> Path:
    """Python files, and data whose smallest form quotes its first line."""
    texts: dict[str, str | bytes] = {
        f"src/part_{n}.py": "".join(FUNCTION.format(n=n * 100 + m) for m in range(functions)) for n in range(files)
    }
    texts["data/table.txt"] = "".join(f"first quoted words {n}: {n * 7919 % 10_007} and more\n" for n in range(400))
    texts["data/points.json"] = "[\n" + ",\n".join(f'  {{"num": {n}}}' for n in range(300)) + "\n]\n"
    return make(folder, texts)


class Machine:
    """One machine; ``warnings`` is what its person reads."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.warnings: list[str] = []

    def hear(self, event: Event) -> None:
        if isinstance(event, Warned):
            self.warnings.append(event.message)

    @contextmanager
    def inspector(self) -> Iterator[Inspector]:
        with Inspector(cache_path=self.home / "blobs.db", emit=self.hear) as inspector:
            inspector.config(None, {"db": self.url})
            yield inspector

    def scan(self, root: Path) -> tuple[dict[str, Any], dict[str, int]]:
        """Scan; gives the report without its times, and what was shared."""
        with self.inspector() as inspector:
            report = inspector.scan(ScanRequest(root, "gpt-4o"))
            shared = inspector.shared()
        return {key: value for key, value in report.items() if key not in ("seconds", "cache")}, {
            **shared,
            "computed": report["cache"]["misses"],
        }

    def pack(self, root: Path, budget: str) -> str:
        with self.inspector() as inspector:
            return inspector.pack(PackRequest(ScanRequest(root, "gpt-4o"), budget=budget)).text


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def fail(error: InputError) -> None:
    """For caches whose server is in no trouble."""
    raise error
