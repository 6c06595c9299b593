"""A small made-up repository as columns, with a Texts that works on its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, FileRow
from engine.model import ChunkClass
from engine.render import capsule_line


@cache
def _vocabulary() -> object:
    import splintr

    return splintr.Tokenizer.from_pretrained("o200k_base")


def count_many(texts: Sequence[str]) -> list[int]:
    """Count with the o200k vocabulary."""
    encode = _vocabulary().encode  # type: ignore[attr-defined]
    return [len(encode(text.encode(errors="replace").decode())) for text in texts]


def count(text: str) -> int:
    return count_many([text])[0]


@dataclass
class ChunkSpec:
    """What a test says about a chunk."""

    text: str
    outline: str = ""
    parent: int = -1
    """Index within the file."""
    chunk_class: ChunkClass = ChunkClass.CODE
    kind: str = "function"


@dataclass
class World:
    """Implements ``Texts``; ``columns`` describes the same chunks."""

    columns: Columns
    specs: list[ChunkSpec]
    calls: set[tuple[int, int]] = field(default_factory=set)

    def text(self, chunk: int, level: int) -> str:
        self.calls.add((chunk, level))
        return level_text(self.specs[chunk].text, level)

    def outline(self, chunk: int) -> str:
        return self.specs[chunk].outline

    def kind(self, chunk: int) -> str:
        return self.specs[chunk].kind

    def altered(self, chunk: int, level: int) -> frozenset[str]:
        return frozenset()

    def symbol(self, chunk: int) -> str:
        return self.specs[chunk].outline.rpartition(" ")[2]


def level_text(text: str, level: int) -> str:
    """Fewer lines at each level, with a fold marker at level 2."""
    if level == 0:
        return text
    lines = text.split("\n")[:-1]
    if level >= 1:
        lines = [line for line in lines if not line.lstrip().startswith("#")] or lines
    if level >= 2 and len(lines) > 3:
        lines = [lines[0], f"    … {len(lines) - 2} lines", lines[-1]]
    if level >= 3:
        lines = lines[:1]
    return "\n".join(lines) + "\n"


def make_world(files: dict[str, list[ChunkSpec]]) -> World:
    """Build columns from files in listing order."""
    rows: list[FileRow] = []
    specs: list[ChunkSpec] = []
    file, parent, start, end, tokens = [], [], [], [], []
    for path, chunks in files.items():
        line, base = 1, len(specs)
        for spec in chunks:
            size = max(1, spec.text.count("\n"))
            file.append(len(rows))
            parent.append(base + spec.parent if spec.parent >= 0 else -1)
            start.append(line)
            end.append(line + size - 1)
            shown = [level_text(spec.text, level) for level in range(4)]
            capsule = shown[3] + capsule_line(path, line, line + size - 1) + "\n" if shown[3] != shown[2] else shown[3]
            costs = count_many([*shown[:3], capsule, f"{spec.outline}, " if spec.outline else ""])
            tokens.append(costs)
            line += size
            specs.append(spec)
        names = tuple(spec.outline.rpartition(" ")[2] for spec in chunks if spec.outline)
        rows.append(FileRow(path, "python", line - 1, "0" * 40, names))
    n = len(specs)
    columns = Columns(
        files=rows,
        file=np.array(file, dtype=np.int32),
        chunk_class=np.array([CLASSES.index(spec.chunk_class) for spec in specs], dtype=np.int8),
        parent=np.array(parent, dtype=np.int32),
        start_line=np.array(start, dtype=np.int32),
        end_line=np.array(end, dtype=np.int32),
        tokens=np.array(tokens, dtype=np.int32).reshape(n, 5),
        retention=np.tile(np.array([1.0, 0.9, 0.6, 0.3, 0.1, 0.05]), (n, 1)),
        line_tokens=np.zeros(len(rows), dtype=np.int32),
        path_tokens=np.zeros(len(rows), dtype=np.int32),
    )
    return World(columns, specs)


def levels_of(levels: Sequence[int]) -> npt.NDArray[np.int8]:
    return np.array(levels, dtype=np.int8)


def no_lines(world: World) -> npt.NDArray[np.bool_]:
    return np.zeros(len(world.columns.files), dtype=bool)
