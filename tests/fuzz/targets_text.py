"""Files of a repository: decoding, cutting, levels, and the rows that the cache keeps of them."""

from __future__ import annotations

import random
from functools import cache

import msgpack

from engine.chunk import SourceText, Unreadable, byte_range, chunk_source, decode, detect_language, encode
from engine.chunk.spans import FileChunks
from engine.classify import FileClass, Rules, default_rules, file_class
from engine.levels import MARKER, Ladder, degrade, pack_edits, text_at, unpack_edits
from engine.model import CLASSES
from engine.scan.record import Damaged, Detail, seal, unseal
from tests.engine.chunk.checks import check as check_spans
from tests.fuzz.case import Target
from tests.fuzz.mutate import spoiled
from tests.fuzz.seeds import source_case, sources
from tests.fuzz.targets_files import told


def _parts(case: bytes) -> tuple[str, bytes]:
    name, _, data = case.partition(b"\n")
    return name.decode("utf-8", "surrogateescape"), data


def check_decode(case: bytes) -> None:
    """Any bytes are binary, or text that gives the same bytes back, line by line."""
    raw = _parts(case)[1]
    try:
        source = decode(raw)
    except Unreadable as unreadable:
        told(unreadable)
        return
    assert encode(source) == raw
    source.data.decode("utf-8")
    starts = source.line_starts
    assert starts[0] == 0
    assert starts[-1] == len(source.data)
    at = 0
    for row in range(len(starts) - 1 if source.data else 0):
        start, end = byte_range(source, row, row + 1)
        assert start == at
        at = end
    assert at == len(raw) or not source.data


def _cut(case: bytes) -> tuple[SourceText, FileChunks, FileClass] | None:
    name, raw = _parts(case)
    try:
        source = decode(raw)
    except Unreadable:
        return None
    language = detect_language(name, raw[:256])
    found = file_class(name, language, frozenset())
    return source, chunk_source(source, language, whole=found.whole, deadline_s=5.0), found


def check_chunk(case: bytes) -> None:
    """Chunks tile the lines, and every line has a role."""
    made = _cut(case)
    if made is not None:
        check_spans(made[0], made[1])


def check_levels(case: bytes) -> None:
    """Levels never grow, and keep lines verbatim, in order; packing them gives them back."""
    made = _cut(case)
    if made is None:
        return
    source, chunks, found = made
    verdicts = _rules().classify_spans(found, chunks, source.data)
    classes = [verdict.chunk_class for verdict in verdicts]
    assert all(verdict.chunk_class in CLASSES for verdict in verdicts)
    ladders, names = degrade(source, chunks, classes)
    assert len(ladders) == len(chunks.spans)
    assert len(set(names)) == len(names) <= 6
    for span, ladder in zip(chunks.spans, ladders, strict=True):
        _check_ladder(source, span.start, span.end, ladder)
    packed = pack_edits(ladders)
    assert unpack_edits(packed) == [ladder.edits for ladder in ladders]
    detail = Detail([span.symbol for span in chunks.spans], [one.outline for one in ladders], packed, ["r"])
    assert Detail.unpack(unseal(seal(detail.pack()))) == detail


def _check_ladder(source: SourceText, first: int, last: int, ladder: Ladder) -> None:
    start, end = source.line_starts[first], source.line_starts[last]
    assert ladder.retention[0] == 1.0
    assert list(ladder.retention) == sorted(ladder.retention, reverse=True)
    above = text_at(source.data, start, end, [])
    size = len(above)
    full = above.split(b"\n")
    known = set(full)
    for edits in ladder.edits:
        at = start
        for edit in edits:
            assert at <= edit.start < edit.end <= end
            at = edit.end
        text = text_at(source.data, start, end, edits)
        text.decode("utf-8")
        assert len(text) <= size
        size = len(text)
        if len(edits) == 1 and (edits[0].start, edits[0].end) == (start, end):
            continue  # The shape of data, in words of its own.
        for line in text.split(b"\n"):
            if line not in known:
                lead = line.partition(MARKER.encode())[0]
                assert lead != line, line
                assert not lead.strip(b" \t") or any(one.startswith(lead) for one in full), line


@cache
def _rules() -> Rules:
    return default_rules()


@cache
def _packed() -> tuple[bytes, ...]:
    found = []
    for name, text in sources()[::7]:
        made = _cut(name + b"\n" + text * 3)
        if made is not None:
            source, chunks, kind = made
            classes = [verdict.chunk_class for verdict in _rules().classify_spans(kind, chunks, source.data)]
            ladders, _ = degrade(source, chunks, classes)
            found.append(pack_edits(ladders))
    return tuple(found)


def make_row(dice: random.Random) -> bytes:
    """Spoil packed edits, or the values in them."""
    packed = dice.choice(_packed())
    if dice.random() < 0.5:
        return spoiled(packed, dice, _packed(), most=3)
    values = msgpack.unpackb(packed)
    odd: list[object] = [-2, -1, 0, 1, 2**31, 2**63, 10, None, "x", b"x", [], True]
    if values[3]:
        for _ in range(dice.randint(1, 3)):
            values[3][dice.randrange(len(values[3]))] = dice.choice(odd)
    values[dice.randrange(3)] = dice.choice([1, 1, *odd])
    data: bytes = msgpack.packb(values)
    return data


def check_row(case: bytes) -> None:
    """Damaged rows of the cache say so, whatever is in them."""
    try:
        made = unpack_edits(case)
    except ValueError:
        pass
    else:
        assert all(len(edits) == 3 for edits in made)
    for data in (case, seal(case), seal(case)[:-1]):
        try:
            Detail.unpack(unseal(data))
        except Damaged as damaged:
            told(damaged)


TARGETS = (
    Target("decode", "text gives its bytes back", source_case, check_decode, 150),
    Target("chunk", "chunks tile every file", source_case, check_chunk, 120),
    Target("levels", "levels shrink and keep lines verbatim", source_case, check_levels, 100),
    Target("row", "damaged cache rows are known", make_row, check_row, 60),
)
