"""What has to be done: the key of every listed file, and batches for what the cache does not know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.chunk import detect_language
from engine.classify import FileClass, Rules, default_rules
from engine.model import SourceFile
from engine.scan.version import analyzer_version
from engine.scan.worker import Task

SUFFIX_BYTES = 8
"""Length of what follows the blob id in a key."""
_BATCH_FILES = 48
_BATCH_BYTES = 400_000
"""Small enough that two workers finish within a moment of each other."""
_RECOUNT_BATCH_BYTES = 60_000
"""What travels to a worker must fit the pipe, or both ends wait for each other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed file with the name its analysis has in the cache."""

    file: SourceFile
    file_class: FileClass
    key: bytes
    """Blob id, then a digest of everything else the analysis depends on; ``b""`` when the file could not be read."""


def plan(identified: Sequence[tuple[SourceFile, str]], rules: Rules | None = None) -> list[Entry]:
    """Classify every file by its path and name its analysis.

    Args:
        identified: Files with their blob ids.
        rules: Classification rules; those that ship when None.
    """
    known_rules = rules or default_rules()
    made_by = analyzer_version() + known_rules.version.encode()
    variants: dict[tuple[str, str, bool, str, bool], bytes] = {}
    entries: list[Entry] = []
    for file, identity in identified:
        language = detect_language(file.path, b"") or ""
        kind = known_rules.file_class(file.path, language or None, file.attributes)
        converted = "converted" in file.attributes
        variant = (kind.chunk_class, kind.rule_id, kind.whole, language, converted)
        suffix = variants.get(variant)
        if suffix is None:
            text = "\0".join(map(str, variant)).encode() + made_by
            suffix = variants[variant] = hashlib.blake2b(text, digest_size=SUFFIX_BYTES).digest()
        entries.append(Entry(file, kind, bytes.fromhex(identity) + suffix))
    return entries


def batches(tasks: Sequence[Task], sizes_bytes: Sequence[int]) -> Iterator[list[Task]]:
    """Group tasks, the largest files first, so that no worker is left alone with a big one at the end.

    Files of about one size go by their paths: neighbours share directories that are open already, and words.
    """
    order = sorted(range(len(tasks)), key=lambda index: (-sizes_bytes[index].bit_length(), tasks[index].file.path))
    batch: list[Task] = []
    content_bytes = sent_bytes = 0
    for index in order:
        task = tasks[index]
        to_send = len(task.detail) + len(task.rows)
        if batch and (
            len(batch) >= _BATCH_FILES
            or content_bytes + sizes_bytes[index] > _BATCH_BYTES
            or sent_bytes + to_send > _RECOUNT_BATCH_BYTES
        ):
            yield batch
            batch = []
            content_bytes = sent_bytes = 0
        batch.append(task)
        content_bytes += sizes_bytes[index]
        sent_bytes += to_send
    if batch:
        yield batch
