"""Small repositories as columns, made from texts."""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES, Columns, FileRow
from engine.model import ChunkClass
from engine.rank import Edges, Extractor, FileText, LexicalIndex, join

Piece = tuple[str, str, ChunkClass]
"""Symbol, text and class of a chunk."""

NO_LINKS = Edges(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))


def code(symbol: str, text: str) -> Piece:
    return symbol, text, ChunkClass.CODE


def make(files: dict[str, list[Piece]]) -> tuple[Columns, LexicalIndex]:
    rows, texts, file, kinds, starts, ends = [], [], [], [], [], []
    for number, (path, pieces) in enumerate(files.items()):
        offsets, line, data = [], 1, b""
        for _, text, kind in pieces:
            offsets.append(len(data))
            data += text.encode()
            file.append(number)
            kinds.append(CLASSES.index(kind))
            starts.append(line)
            line += text.count("\n")
            ends.append(line - 1)
        rows.append(FileRow(path, "python", line - 1, f"{number:040x}", ()))
        texts.append(FileText(data, offsets, [symbol for symbol, _, _ in pieces], [len(data)] * len(pieces)))
    n = len(file)
    tokens = np.tile(np.array([100, 90, 60, 20, 5], np.int32), (n, 1))
    columns = Columns(
        files=rows,
        file=np.array(file, np.int32),
        chunk_class=np.array(kinds, np.int8),
        parent=np.full(n, -1, np.int32),
        start_line=np.array(starts, np.int32),
        end_line=np.array(ends, np.int32),
        tokens=tokens,
        retention=np.tile(np.array([1, 0.9, 0.6, 0.3, 0.1, 0.02]), (n, 1)),
        line_tokens=np.full(len(rows), 9, np.int32),
        path_tokens=np.full(len(rows), 4, np.int32),
    )
    sizes = [len(pieces) for pieces in files.values()]
    return columns, LexicalIndex(columns, join(Extractor().extract(texts), sizes))
