"""Speed of every encoding against tiktoken's o200k on the same text, and whether the counts are the reference's.

Process CPU time, each encoding in a process of its own, file by file as a scan counts. The reference of an encoding
is tiktoken over the same ranks, where the vocabulary is a byte-pair encoding with a known expression. Claude's counter
remembers what segments cost, so it is shown on text it sees first, and on other text of the same kind once it has
seen some.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import tiktoken

from benchmarks.measure import Figure
from benchmarks.sample import sources
from benchmarks.table import show
from engine.tokens import encodings, tokenizer
from engine.tokens.ranks import from_engine
from engine.tokens.registry import CLAUDE
from engine.tokens.specs import built_in

CLAUDE_LEAST = 3.0
"""Promised MB/s of the reconstructed counters on source code."""
_WARM_UP_BYTES = 200_000
"""Engines compile their expressions and fill tables with the first text; that is start-up, not speed."""


def texts_of(folder: Path | None, limit_bytes: int) -> list[str]:
    """Texts of the source files below ``folder``, or of the standard library."""
    if folder is None:
        return sources(limit_bytes)
    texts: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".js", ".ts", ".go", ".rs", ".java", ".c"} and path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            limit_bytes -= len(text)
            if limit_bytes < 0:
                break
            texts.append(text)
    return texts


def timed(count: Callable[[list[str]], list[int]], texts: list[str]) -> tuple[float, list[int]]:
    """Return MB/s and the counts."""
    started_s = time.process_time()
    counts = count(texts)
    spent_s = time.process_time() - started_s
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6 / max(spent_s, 1e-6), counts


def reference(name: str) -> Callable[[list[str]], list[int]] | None:
    """Return tiktoken over the ranks of an encoding, or None where it cannot serve it."""
    spec = built_in().get(name)
    if spec is None or not spec.pattern:
        return None
    coder = tiktoken.Encoding(name, pat_str=spec.pattern, mergeable_ranks=from_engine(spec.engine), special_tokens={})
    return lambda texts: [len(coder.encode_ordinary(text)) for text in texts]


def figures(name: str, source: Path | None, limit_bytes: int) -> list[Figure]:
    """Measure one encoding; meant for a process of its own, where nothing is remembered yet."""
    texts = texts_of(source, limit_bytes + _WARM_UP_BYTES)
    warm_up, texts = _divided(texts)
    plain = reference("o200k_base")
    assert plain
    plain(warm_up)
    speed, _ = timed(plain, texts)
    counter = tokenizer(name)
    if name in CLAUDE:
        counter.count("é\n")
        half = len(texts) // 2
        first, counts = timed(counter.count_many, texts[:half])
        later, _ = timed(counter.count_many, texts[half:])
        different = sum(a != b for a, b in zip(counts, counter.count_many(texts[:half]), strict=True))
        return [
            Figure(f"{name}, nothing remembered", first, "MB/s", "promise", CLAUDE_LEAST, at_least=1),
            Figure(f"{name}, after {half} other files", later, "MB/s", "promise", CLAUDE_LEAST, at_least=1),
            Figure("  same", later, "MB/s", "tiktoken o200k", speed),
            Figure("  files that differ when counted again", different, "", f"{half} files", half, at_most=0),
        ]
    counter.count_many(warm_up)
    own, counts = timed(counter.count_many, texts)
    found = [Figure(f"{name} ({counter.method.value})", own, "MB/s", "tiktoken o200k", speed)]
    other = reference(name)
    if other is not None:
        different = sum(a != b for a, b in zip(counts, other(texts), strict=True))
        found.append(Figure("  files that differ", different, "", "files, by tiktoken", len(texts), at_most=0))
    return found


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks tokens", description=__doc__)
    parser.add_argument("--source", type=Path, metavar="DIR", help="source files (default: the standard library)")
    parser.add_argument("--megabytes", type=float, default=4.0)
    parser.add_argument("--encodings", nargs="+", metavar="NAME", default=list(encodings()))
    options = parser.parse_args(arguments)
    found: list[Figure] = []
    limit_bytes = int(options.megabytes * 1e6)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
        for name in options.encodings:
            found += processes.submit(figures, name, options.source, limit_bytes).result()
    show(f"tokens, {options.megabytes:g} MB of source code", found)
    return found


def _divided(texts: list[str]) -> tuple[list[str], list[str]]:
    """Set the last texts aside for warming up, so that nothing measured was seen before."""
    size = 0
    for index in range(len(texts) - 1, 0, -1):
        size += len(texts[index])
        if size >= _WARM_UP_BYTES or index == len(texts) // 2:
            return texts[index:], texts[:index]
    return texts, texts


if __name__ == "__main__":
    main()
