"""Show one file, or some of its lines, at a level: how a capsule is expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.chunk import SourceText, decode
from engine.errors import InputError, UsageError
from engine.levels import text_at, unpack_edits
from engine.model import Level, Model, SourceFile
from engine.render import capsule_line, file_line, gap_line, visible_text
from engine.scan.job import Settings, analyze
from engine.scan.plan import identify, plan
from engine.scan.record import CHUNK_ROW, BlobRecord, Detail
from engine.scan.worker import MAX_FILE_BYTES
from engine.tokens import tokenizer
from engine.walk import open_listing

_PLACE = re.compile(r"(?P<path>.+?):(?P<start>\d+)(?:-(?P<end>\d+))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or some of its lines."""

    path: Path
    start_line: int = 0
    """First line, from 1; 0 for the whole file."""
    end_line: int = 0
    """Last line, inclusive; 0 for the whole file."""


def parse_place(text: str) -> Place:
    """Read ``PATH`` or ``PATH:A-B``; a file whose name ends that way is that file.

    Raises:
        UsageError: the range is empty.
    """
    match = _PLACE.fullmatch(text)
    if match is None or Path(text).exists():
        return Place(Path(text))
    start_line = int(match["start"])
    end_line = int(match["end"] or start_line)
    if start_line < 1 or end_line < start_line:
        raise UsageError(f"lines {match['start']}-{match['end'] or match['start']} are no range", "write PATH:12-40")
    return Place(Path(match["path"]), start_line, end_line)


def show(place: Place, level: int, model: Model, rev: str | None = None) -> dict[str, object]:
    """Render a file, or the chunks that lines touch, at a level; at level 0 exactly the lines that were asked for.

    Raises:
        InputError: no such file, or nothing in it to show.
        UsageError: lines behind the end of the file.
    """
    listing = open_listing(place.path, rev=rev)
    file = _only_file(listing.files, place)
    entry = next(iter(plan(identify(listing, []))), None)
    if entry is None:
        raise InputError(f"{place.path} cannot be read")
    raw = listing.content.read(file, MAX_FILE_BYTES)
    counter = tokenizer(model.encoding)
    record = analyze(raw, entry.file.blob_id, file.path, entry.file_class, counter, Settings(model.encoding))
    if record.skip_reason:
        raise InputError(f"{place.path} holds no chunks: {record.skip_reason}")
    source = decode(raw)
    start_line, end_line = place.start_line or 1, place.end_line or record.lines
    if start_line > record.lines:
        raise UsageError(f"{place.path} has {record.lines:,} lines, not {start_line:,}")
    end_line = min(end_line, record.lines)
    name = str(place.path)
    text = visible_text(_text(name, source, record, level, start_line, end_line, place.start_line > 0))
    return {
        "path": name,
        "start_line": start_line,
        "end_line": end_line,
        "level": level,
        "model": model.id,
        "encoding": model.encoding,
        "method": model.method.value,
        "tokens": counter.count(text),
        "text": text,
    }


def _only_file(files: list[SourceFile], place: Place) -> SourceFile:
    if place.path.is_dir():
        raise UsageError(f"{place.path} is a folder; show takes one file", "packsight scan shows folders")
    if len(files) != 1:
        raise InputError(f"{place.path} is not listed: ignored, excluded or not a regular file")
    return files[0]


def _text(
    name: str, source: SourceText, record: BlobRecord, level: int, start_line: int, end_line: int, partial: bool
) -> str:
    if level == Level.FULL:
        return source.data[source.line_starts[start_line - 1] : source.line_starts[end_line]].decode("utf-8", "replace")
    detail = Detail.unpack(record.detail)
    rows = list(CHUNK_ROW.iter_unpack(record.rows))
    if level >= Level.EMERGENCY:
        from engine.columns import CLASSES

        total = sum(int.from_bytes(record.counts[at : at + 4], "little") for at in range(0, len(record.counts), 24))
        return file_line(name, CLASSES[rows[0][0]].value, record.lines, total, record.names) + "\n"
    edits = unpack_edits(detail.edits)
    starts = [row[5] for row in rows] + [len(source.data)]
    parts: list[str] = []
    outlined: list[tuple[int, int, str]] = []
    for index, row in enumerate(rows):
        first, last = row[3], row[4]
        if last < start_line or first > end_line:
            continue
        if level == Level.OUTLINE:
            if detail.outlines[index]:
                outlined.append((first, last, detail.outlines[index]))
            continue
        at_level = text_at(source.data, starts[index], starts[index + 1], edits[index][level - 1])
        parts.append(at_level.decode("utf-8", "replace"))
        if level == Level.CAPSULE and at_level != text_at(
            source.data, starts[index], starts[index + 1], edits[index][level - 2]
        ):
            parts.append(capsule_line(name, first, last) + "\n")
    if outlined:
        parts.append(gap_line(outlined[0][0], outlined[-1][1], "", [item[2] for item in outlined]) + "\n")
    return "".join(parts)
