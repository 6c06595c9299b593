"""Cases that once broke something, as text that is safe to keep: a line of why, and the bytes as a literal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")


def corpus() -> Iterator[tuple[str, str, bytes]]:
    """Give target, why, and case."""
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text("ascii").splitlines():
            why, _, literal = line.rpartition("\t")
            yield path.stem, why, ast.literal_eval(literal)


def keep(folder: Path, target: str, why: str, case: bytes) -> None:
    """Add a case, unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target}.txt"
    line = f"{ascii(why)[1:-1]}\t{case!r}\n"
    before = path.read_text("ascii") if path.exists() else ""
    if f"\t{case!r}\n" not in before:
        path.write_text(before + line, "ascii")
