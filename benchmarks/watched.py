"""Files through the real workers, with the CPU time of each and the files that broke something."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from engine.chunk import detect_language
from engine.classify import file_class
from engine.model import FileKind, SourceFile
from engine.scan.pool import Pool
from engine.scan.record import BlobRecord
from engine.scan.settings import Settings
from engine.scan.worker import Task
from engine.walk import ContentSource, blob_id
from engine.walk.content import Stored


class TimedContent:
    """Reads like a content source and notes, in each worker, the CPU time when it was asked for which file.

    The time between two reads is all that the first of the files cost, whatever phase it was spent in; a file read
    twice in a row is one whose first analysis raised an exception.
    """

    def __init__(self, source: ContentSource, notes: Path) -> None:
        self._source = source
        self._notes = notes

    def read(self, file: SourceFile, limit_bytes: int) -> bytes:
        """Read and note."""
        self._note(file.path)
        return self._source.read(file, limit_bytes)

    def close(self) -> None:
        """Close and note, so that the last file has an end."""
        self._note("")
        self._source.close()

    def _note(self, path: str) -> None:
        with open(self._notes / str(os.getpid()), "a", encoding="utf-8") as file:
            file.write(f"{time.process_time():.6f}\t{path}\n")


@dataclass(slots=True)
class Watched:
    """What came of the files."""

    records: dict[str, BlobRecord] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    """CPU seconds of a file, all phases and attempts; missing where its worker died."""
    killed: list[str] = field(default_factory=list)
    """Files that stopped their worker, or held it up until it was killed."""
    raised: list[str] = field(default_factory=list)
    """Files whose first analysis ended in an exception."""


def watch(root: Path, paths: Iterable[str], notes: Path, encoding: str, workers: int) -> Watched:
    """Analyse the files one by one on ``workers`` processes."""
    found = Watched()
    source = ContentSource(str(root), Stored.DISK)
    pool = Pool(TimedContent(source, notes), Settings(encoding), workers)  # type: ignore[arg-type]
    for task, record in pool.run(_batches(root, paths), lambda: False):
        found.records[task.file.path] = record
        if task.text_only:
            found.killed.append(task.file.path)
    for file in notes.iterdir():
        lines = [line.split("\t", 1) for line in file.read_text("utf-8").splitlines()]
        for (start, path), (end, following) in pairwise(lines):
            found.cpu_s[path] = found.cpu_s.get(path, 0.0) + float(end) - float(start)
            if path == following:
                found.raised.append(path)
    return found


def _batches(root: Path, paths: Iterable[str]) -> Iterator[list[Task]]:
    for path in paths:
        data = (root / path).read_bytes()
        language = detect_language(path, data[:256])
        file = SourceFile(path, FileKind.REGULAR, blob_id(data, "sha1"), len(data))
        yield [Task(file, file_class(path, language, frozenset()), "sha1")]
