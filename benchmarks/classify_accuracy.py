"""Accuracy of classes against chunks labelled by hand in real repositories.

The labels (``tests/engine/classify/labels.jsonl``) name lines and their hash, never text. Point ``--repos`` at a folder
that holds the repositories at the commits that the labels name:

    python benchmarks/classify_accuracy.py --repos ~/repos

Each label is compared with the chunk that shares most lines with it. Exit code 1 when the promise (95 % overall, 90 %
per class) is missed. ``--tuning`` and ``--holdout`` restrict it to the part that rules were tuned on, or never were.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from engine.chunk import chunk_source, decode
from engine.chunk.languages import detect_language
from engine.classify import FileClass, Verdict, classify_spans, file_class, reason
from engine.model import ChunkClass

LABELS = Path(__file__).parent.parent / "tests" / "engine" / "classify" / "labels.jsonl"
OVERALL, PER_CLASS = 0.95, 0.90


@dataclass(frozen=True, slots=True)
class Label:
    """One line of the label file."""

    repo: str
    commit: str
    path: str
    start_line: int
    end_line: int
    language: str
    sha256: str
    label: str
    holdout: bool
    """Never looked at while rules were tuned."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A label and what the rules said instead."""

    label: Label
    verdict: Verdict


def verdict_of(label: Label, data: bytes, attributes: frozenset[str]) -> Verdict:
    """What the rules say about the chunk that shares most lines with the label."""
    head = data[:4096]
    language = detect_language(label.path, head)
    file = file_class(label.path, language, attributes)
    if file.whole:
        return _whole(file)
    source = decode(data)
    chunks = chunk_source(source, language)
    verdicts = classify_spans(file, chunks, source.data)
    shared = [min(span.end, label.end_line) - max(span.start, label.start_line - 1) for span in chunks.spans]
    return verdicts[shared.index(max(shared))] if verdicts else _whole(file)


def lines_hash(data: bytes, start_line: int, end_line: int) -> str:
    """Hash of the bytes of some lines, line ends included."""
    lines = data.split(b"\n")
    text = b"\n".join(lines[start_line - 1 : end_line]) + (b"\n" if end_line < len(lines) else b"")
    return hashlib.sha256(text).hexdigest()


def attributes_of(label: Label, repos: Path) -> frozenset[str]:
    """The linguist attributes that git sees for the labelled path, as ``SourceFile.attributes`` words them."""
    asked = ("linguist-generated", "linguist-vendored", "linguist-documentation")
    root = repos / label.repo
    if not (root / ".gitattributes").is_file():
        return frozenset()
    command = ["git", "-C", str(root), "check-attr", "-z", *asked, "--", label.path]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    found: set[str] = set()
    for name, value in zip(words[1::3], words[2::3], strict=False):
        word = name.removeprefix("linguist-")
        if value in ("set", "true"):
            found.add(word)
        elif value in ("unset", "false"):
            found.add(f"not-{word}")
    return frozenset(found)


def _whole(file: FileClass) -> Verdict:
    return Verdict(file.chunk_class, file.rule_id)


def main() -> int:
    """Print the table; 1 when the promise is missed, 3 when nothing could be compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repos", type=Path, required=True, help="folder that holds the repositories")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--tuning", action="store_true", help="only labels that rules were tuned on")
    part.add_argument("--holdout", action="store_true", help="only labels that rules were never tuned on")
    parser.add_argument("--quiet", action="store_true", help="no misses")
    options = parser.parse_args()
    labels = [Label(**json.loads(line)) for line in LABELS.read_text("utf-8").splitlines()]
    if options.tuning or options.holdout:
        labels = [label for label in labels if label.holdout == options.holdout]
    done, misses, changed = compare(labels, options.repos)
    for line in changed:
        print(f"changed or missing, left out: {line}", file=sys.stderr)
    if not done:
        return 3
    return report(done, misses, options.quiet)


def compare(labels: list[Label], repos: Path) -> tuple[list[Label], list[Miss], list[str]]:
    """Compared labels, those that differ, and those whose text is not what was labelled."""
    done: list[Label] = []
    misses: list[Miss] = []
    changed: list[str] = []
    for label in labels:
        path = repos / label.repo / label.path
        data = path.read_bytes() if path.is_file() else b""
        if lines_hash(data, label.start_line, label.end_line) != label.sha256:
            changed.append(f"{label.repo}/{label.path}:{label.start_line}")
            continue
        verdict = verdict_of(label, data, attributes_of(label, repos))
        done.append(label)
        if verdict.chunk_class != label.label:
            misses.append(Miss(label, verdict))
    return done, misses, changed


def report(done: list[Label], misses: list[Miss], quiet: bool) -> int:
    """Print accuracy overall and per class, then the misses."""
    total = Counter(label.label for label in done)
    missed = Counter(miss.label.label for miss in misses)
    claimed = Counter(total) - missed
    wrongly = Counter(miss.verdict.chunk_class.value for miss in misses)
    print(f"{'class':<12}{'labels':>8}{'right':>8}{'recall':>9}{'precision':>11}")
    kept = True
    for one in ChunkClass:
        if not total[one]:
            continue
        right = claimed[one]
        recall = right / total[one]
        precision = right / ((right + wrongly[one]) or 1)
        kept &= recall >= PER_CLASS
        print(f"{one.value:<12}{total[one]:>8}{right:>8}{recall:>9.1%}{precision:>11.1%}")
    accuracy = 1 - len(misses) / len(done)
    kept &= accuracy >= OVERALL
    print(f"{'all':<12}{len(done):>8}{len(done) - len(misses):>8}{accuracy:>9.1%}")
    print(
        f"languages: {', '.join(f'{name} {count}' for name, count in Counter(x.language for x in done).most_common())}"
    )
    if not quiet:
        for miss in misses:
            label, said = miss.label, miss.verdict
            where = f"{label.repo}/{label.path}:{label.start_line}-{label.end_line}"
            print(f"- {where}: is {label.label}, said {said.chunk_class.value} ({reason(said.rule_id)}) {label.note}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
