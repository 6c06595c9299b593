"""Analyse one file: decode, chunk, classify, degrade, count. Runs in worker processes, knows no other file.

The result depends on the bytes, the language and the class of the file alone, so it can be cached by blob id.
"""

from __future__ import annotations

import time
import zlib
from array import array
from collections.abc import Mapping
from itertools import islice
from typing import Any

from engine.chunk import FileChunks, SourceText, Unreadable, chunk_source, decode, detect_language
from engine.classify import FileClass, Rules, Verdict, default_rules, load_rules
from engine.levels import Ladder, PackedEdits, degrade, pack_edits, text_at, unpack_edits
from engine.model import CLASSES, ChunkClass, Edit
from engine.scan.record import CHUNK_ROW, KIND_NUMBER, BlobRecord, Damaged, Detail
from engine.scan.settings import Settings
from engine.tokens.protocol import Tokenizer

_CLASS_NUMBERS = {id(chunk_class): number for number, chunk_class in enumerate(CLASSES)}
"""By identity: members of an enumeration are hashed by a function in Python."""
_WORDS = bytes(byte if byte < 128 and (chr(byte).isalnum() or byte == 0x5F) else 0x20 for byte in range(256))
"""Leaves words standing and makes everything else a space: splitting is half again as fast as a pattern."""
_SHORTEST_NAME = 3
"""Names shorter than this (``i``, ``db``) point nowhere in particular."""
_GRAPH_CLASSES = frozenset(map(CLASSES.index, (ChunkClass.CODE, ChunkClass.TESTS, ChunkClass.EXAMPLES)))
_MAX_REFERENCES = 400
"""Distinct identifiers of one chunk that may point elsewhere; beyond that it is a table, not a caller."""


def rules_for(tables: tuple[Mapping[str, Any], ...]) -> Rules:
    """The rules that ship, with the user's before them.

    Raises:
        InputError: a table is no rule.
    """
    return load_rules(tables) if tables else default_rules()


def skipped(blob_id: str, reason: str, size_bytes: int) -> BlobRecord:
    """Make the record of a file that holds no chunks."""
    return BlobRecord(blob_id, reason, "", "", 0, size_bytes, [], b"", b"", b"", b"")


def analyze(
    raw: bytes,
    blob_id: str,
    path: str,
    file_class: FileClass,
    tokenizer: Tokenizer,
    settings: Settings,
    *,
    text_only: bool = False,
    rules: Rules | None = None,
) -> BlobRecord:
    """Turn the bytes of one file into its record.

    Args:
        raw: Content as stored.
        blob_id: Git object id of ``raw``.
        path: Only for finding the language.
        file_class: What the path says about the file.
        tokenizer: Counts for the encoding of ``settings``.
        settings: Limits.
        text_only: Do not parse: an earlier attempt killed its worker.
        rules: Classification rules; those that ship when None.
    """
    started_s = time.perf_counter()
    try:
        source = decode(raw)
    except Unreadable as unreadable:
        return skipped(blob_id, unreadable.message, len(raw))
    language = detect_language(path, raw[:256])
    chunks = chunk_source(
        source, None if text_only else language, whole=file_class.whole, deadline_s=settings.parse_deadline_s
    )
    verdicts = (rules or default_rules()).classify_spans(file_class, chunks, source.data)
    classes = [verdict.chunk_class for verdict in verdicts]
    failed: list[str] = []
    ladders, names = degrade(source, chunks, classes, failed)
    numbers = [_CLASS_NUMBERS[id(chunk_class)] for chunk_class in classes]
    parsed_s = time.perf_counter()
    counts = count_levels(
        source,
        _starts(source, chunks),
        [ladder.edits for ladder in ladders],
        [ladder.outline for ladder in ladders],
        _line_ranges(chunks),
        tokenizer,
    )
    counted_s = time.perf_counter()
    return BlobRecord(
        blob_id=blob_id,
        skip_reason="",
        language=language or "text",
        note=chunks.note or "".join(failed),
        lines=len(chunks.roles),
        size_bytes=len(raw),
        names=names,
        rows=_rows(source, chunks, numbers, ladders),
        counts=counts,
        graph=_graph(source, chunks, numbers),
        detail=_detail(chunks, verdicts, ladders),
        seconds=(0.0, parsed_s - started_s, counted_s - parsed_s),
    )


def recount(raw: bytes, rows: bytes, detail: bytes, tokenizer: Tokenizer) -> bytes:
    """Count a blob that was analysed before with another vocabulary, without parsing it.

    Raises:
        Damaged: ``detail`` is not what was cached.
    """
    source = decode(raw)
    known = Detail.unpack(detail)
    if PackedEdits(known.edits).quotes_nothing:
        raise Damaged("what another machine made has to be made again to be counted")
    table = list(CHUNK_ROW.iter_unpack(rows))
    starts = [row[5] for row in table] + [len(source.data)]
    return count_levels(
        source, starts, unpack_edits(known.edits), known.outlines, [(row[3], row[4]) for row in table], tokenizer
    )


def count_levels(
    source: SourceText,
    starts: list[int],
    edits: list[tuple[list[Edit], list[Edit], list[Edit]]],
    outlines: list[str],
    line_ranges: list[tuple[int, int]],
    tokenizer: Tokenizer,
) -> bytes:
    """Count every chunk at levels 0-4 and its capsule line; costs never rise with the level.

    Returns:
        ``COUNT_COLUMNS`` uint32 per chunk, little endian.
    """
    data = source.data
    number = len(edits)
    full = tokenizer.count_parts([data[starts[i] : starts[i + 1]].decode("utf-8", "replace") for i in range(number)])
    texts: list[str] = []
    levels: list[bool] = []
    for index in range(number):
        start, end = starts[index], starts[index + 1]
        previous: list[Edit] = []
        for wanted in edits[index]:
            changes = wanted is not previous and wanted != previous
            levels.append(changes)
            if changes:
                texts.append(text_at(data, start, end, wanted).decode("utf-8", "replace"))
                previous = wanted
    texts += [f" {outline}," if outline else "" for outline in outlines]
    texts += [f":{first}-{last}\n" for first, last in line_ranges]
    counted = iter(tokenizer.count_many(texts))
    columns: list[int] = []
    level_changes = iter(levels)
    for cost in full:
        columns.append(cost)
        for changes in islice(level_changes, 3):
            if changes and (less := next(counted)) < cost:
                cost = less
            columns.append(cost)
        columns += (cost, 0)
    for at, tokens in enumerate(islice(counted, number)):
        if tokens < columns[6 * at + 4]:
            columns[6 * at + 4] = tokens
    columns[5::6] = counted
    return array("I", columns).tobytes()


def _starts(source: SourceText, chunks: FileChunks) -> list[int]:
    return [source.line_starts[span.start] for span in chunks.spans] + [len(source.data)]


def _line_ranges(chunks: FileChunks) -> list[tuple[int, int]]:
    return [(span.start + 1, span.end) for span in chunks.spans]


def _rows(source: SourceText, chunks: FileChunks, classes: list[int], ladders: list[Ladder]) -> bytes:
    pack, kind_number, starts = CHUNK_ROW.pack, KIND_NUMBER.get, source.line_starts
    rows = []
    for span, chunk_class, ladder in zip(chunks.spans, classes, ladders, strict=True):
        _, first, second, third, fourth, fifth = ladder.retention
        kept = int(first * 65535), int(second * 65535), int(third * 65535), int(fourth * 65535), int(fifth * 65535)
        kind = kind_number(span.kind, 0)
        rows.append(pack(chunk_class, kind, span.parent, span.start + 1, span.end, starts[span.start], 65535, *kept))
    return b"".join(rows)


class _Hashes(dict[bytes, int]):
    """CRC-32 of identifiers, computed once each: the same few thousand names fill a repository. 0 for other words."""

    def __missing__(self, word: bytes) -> int:
        value = self[word] = zlib.crc32(word) if len(word) >= _SHORTEST_NAME and word[0] > 0x39 else 0
        return value


_HASHES = _Hashes()
_MAX_HASHES = 200_000


def _graph(source: SourceText, chunks: FileChunks, classes: list[int]) -> bytes:
    """Hash what each chunk of code defines and what it may refer to: see ``BlobRecord.graph``."""
    columns = [array("I") for _ in range(4)]
    define_chunk, define_hash, refer_chunk, refer_hash = columns
    if len(_HASHES) > _MAX_HASHES:
        _HASHES.clear()
    hash_of = _HASHES.__getitem__
    starts = _starts(source, chunks)
    # Catalogs of translations and other data are half of some repositories, and no chunk of them is looked at below.
    words = b"" if _GRAPH_CLASSES.isdisjoint(classes) else source.data.translate(_WORDS)
    for index, names in enumerate(chunks.defines):
        if classes[index] not in _GRAPH_CLASSES:
            continue
        # Keys of a dict keep their order of appearance; that of a set would differ from process to process.
        used = dict.fromkeys(words[starts[index] : starts[index + 1]].split())
        if names:
            own = dict.fromkeys([name.encode("utf-8", "replace") for name in names])
            define_chunk += array("I", [index]) * len(own)
            define_hash.extend(map(zlib.crc32, own))
            for name in own:
                used.pop(name, None)
        hashes = list(filter(None, map(hash_of, used)))
        if len(hashes) <= _MAX_REFERENCES:
            refer_chunk += array("I", [index]) * len(hashes)
            refer_hash.fromlist(hashes)
    sizes = array("I", [len(define_chunk), len(refer_chunk)])
    return b"".join(column.tobytes() for column in (sizes, *columns))


def _detail(chunks: FileChunks, verdicts: list[Verdict], ladders: list[Ladder]) -> bytes:
    return Detail(
        symbols=[span.symbol for span in chunks.spans],
        outlines=[ladder.outline for ladder in ladders],
        edits=pack_edits(ladders),
        rules=[verdict.rule_id for verdict in verdicts],
    ).pack()
