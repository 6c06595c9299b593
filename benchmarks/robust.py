"""Thousands of random and hundreds of deeply nested files through the real workers: no crash, no hang, 2 s each.

Times are CPU seconds of the worker, so that a busy machine does not make a file slow. Every result is checked: the
chunks tile the file byte for byte, no level costs more than the one before it, and the chunks' tokens add up to the
file's.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from array import array
from collections.abc import Sequence
from pathlib import Path

from benchmarks.junk import Junk, nested_files, random_files
from benchmarks.measure import Figure
from benchmarks.table import show
from benchmarks.watched import Watched, watch
from engine.chunk import byte_range, decode
from engine.scan.record import CHUNK_ROW, COUNT_COLUMNS, BlobRecord
from engine.tokens import tokenizer

LIMIT_S = 2.0
"""Promised cost of a file."""


def broken(raw: bytes, record: BlobRecord, encoding: str) -> str:
    """Say what is wrong with the record of a file, or ``""``."""
    if record.skip_reason:
        return record.skip_reason if record.skip_reason.startswith("could not") else ""
    source = decode(raw)
    rows = list(CHUNK_ROW.iter_unpack(record.rows))
    line = at = 0
    for _, _, parent, first, last, offset, *_ in rows:
        if first - 1 != line or last < first or offset != source.line_starts[line]:
            return f"chunk at line {first} does not follow line {line}"
        start, end = byte_range(source, first - 1, last)
        if start != at or parent >= len(rows):
            return f"bytes {at} to {start} are in no chunk"
        line, at = last, end
    if at != len(raw):
        return f"{len(raw) - at} bytes at the end are in no chunk"
    counts = array("I")
    counts.frombytes(record.counts)
    for index in range(0, len(counts), COUNT_COLUMNS):
        levels = list(counts[index : index + 5])
        if levels != sorted(levels, reverse=True):
            return f"levels of chunk {index // COUNT_COLUMNS} cost {levels}"
    total = tokenizer(encoding).count(source.data.decode("utf-8", "replace"))
    if sum(counts[::COUNT_COLUMNS]) != total:
        return f"chunks have {sum(counts[::COUNT_COLUMNS])} tokens, the file {total}"
    return ""


def run_set(name: str, files: list[Junk], options: argparse.Namespace) -> list[Figure]:
    """Analyse, check, and print the slowest and whatever broke."""
    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        root, notes = Path(folder) / "files", Path(folder) / "notes"
        notes.mkdir()
        for junk in files:
            path = root / junk.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(junk.data)
        found = watch(root, [junk.name for junk in files], notes, options.encoding, options.workers)
        wrong = _report(name, files, found, options.encoding)
        if options.keep and wrong:
            for name_of in wrong:
                target = options.keep / name_of
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / name_of, target)
    slowest = max(found.cpu_s.values(), default=0.0)
    slow = sum(spent_s > LIMIT_S for spent_s in found.cpu_s.values())
    bad = {path for path in wrong if found.cpu_s.get(path, 0) <= LIMIT_S} - {*found.killed, *found.raised}
    return [
        Figure(f"{name}: slowest file", slowest, "s", "limit", LIMIT_S, at_most=1),
        Figure(f"{name}: files over the limit", slow, "", "files", len(files), at_most=0),
        Figure(f"{name}: workers lost", len(found.killed), "", "files", len(files), at_most=0),
        Figure(f"{name}: exceptions", len(found.raised), "", "files", len(files), at_most=0),
        Figure(f"{name}: broken or wrong results", len(bad), "", "files", len(files), at_most=0),
    ]


def _report(name: str, files: list[Junk], found: Watched, encoding: str) -> list[str]:
    data = {junk.name: junk.data for junk in files}
    print(f"\n{name}: {len(files):,} files, {sum(map(len, data.values())) / 1e6:.1f} MB; the slowest ten")
    for path in sorted(found.cpu_s, key=lambda path: -found.cpu_s[path])[:10]:
        record = found.records[path]
        phases = " + ".join(f"{spent_s:.2f}" for spent_s in record.seconds)
        about = _about(path, data[path], record)
        print(f"  {found.cpu_s[path]:6.2f} s  {about}  read + parse + count: {phases} s wall")
    reasons = dict.fromkeys(found.killed, "lost its worker")
    reasons.update((path, "raised an exception") for path in found.raised)
    for path, raw in data.items():
        problem = broken(raw, found.records[path], encoding) if path in found.records else "no answer"
        if problem:
            reasons[path] = f"{reasons.get(path, 'wrong')}: {problem}"
        elif found.cpu_s.get(path, 0.0) > LIMIT_S:
            reasons.setdefault(path, f"took {found.cpu_s[path]:.2f} s")
    for path, reason in reasons.items():
        print(f"  ! {_about(path, data[path], found.records.get(path))}: {reason}")
    return list(reasons)


def _about(path: str, data: bytes, record: BlobRecord | None) -> str:
    outcome = record.skip_reason or record.note or record.language if record else "no answer"
    return f"{path} ({len(data):,} bytes, {data[:24]!r}…, {outcome})"


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks robust", description=__doc__)
    parser.add_argument("--random", type=int, default=10_000, metavar="N", help="files of random content")
    parser.add_argument("--nested", type=int, default=200, metavar="N", help="deeply nested or endless files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoding", default="o200k_base")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="copy files that break something here")
    options = parser.parse_args(arguments)
    found: list[Figure] = []
    if options.random:
        found += run_set("random", list(random_files(options.random, options.seed)), options)
    if options.nested:
        found += run_set("nested", nested_files(options.nested, options.seed), options)
    show(f"robust, seed {options.seed}, {options.encoding}", found)
    return found


if __name__ == "__main__":
    main()
