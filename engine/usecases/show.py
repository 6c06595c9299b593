"""Show one file, or some of its lines, at a level: how a capsule is expanded."""

from __future__ import annotations

from collections.abc import Sequence

from engine.chunk import SourceText, decode
from engine.disclosure import GUARDED, Disclosure, Sighting
from engine.errors import InputError, UsageError
from engine.levels import text_at, unpack_edits
from engine.model import Edit, Level, Model, SourceFile
from engine.render import capsule_line, display_path, file_line, gap_line, visible_text
from engine.scan.guard import Guard, allows
from engine.scan.identity import identify
from engine.scan.job import analyze
from engine.scan.plan import plan
from engine.scan.record import CHUNK_ROW, BlobRecord, Detail
from engine.scan.rehearse import parses
from engine.scan.settings import MAX_FILE_BYTES, Settings
from engine.scan.worker import Task
from engine.secrets import mask_name
from engine.tokens import tokenizer
from engine.usecases.disclosed import told
from engine.usecases.places import Place, parse_place, require_own
from engine.walk import ReadFailed, open_listing

__all__ = ["Place", "parse_place", "show"]


def show(
    place: Place, level: int, model: Model, rev: str | None = None, how: Disclosure = GUARDED
) -> dict[str, object]:
    """Render a file, or the chunks that lines touch, at a level; at level 0 exactly the lines that were asked for.

    Secrets are masked and hidden characters marked, unless ``how`` says otherwise.

    Raises:
        InputError: no such file, or nothing in it to show.
        UsageError: lines behind the end of the file.
    """
    name = display_path(str(place.path))
    require_own(place.path)
    listing = open_listing(place.path, rev=rev)
    try:
        file = _only_file(listing.files, place)
        entry = next(iter(plan(identify(listing, []))), None)
        if entry is None:
            raise InputError(f"{name} cannot be read")
        raw = listing.content.read(file, MAX_FILE_BYTES)
        task, settings = Task(entry.file, entry.file_class, listing.object_format), Settings(model.encoding)
        is_text = not parses(task, listing.content, settings)
    except ReadFailed as failure:
        raise InputError(f"{name} cannot be shown: {failure.reason}") from failure
    finally:
        listing.content.close()
    counter = tokenizer(model.encoding)
    record = analyze(raw, entry.file.blob_id, file.path, entry.file_class, counter, settings, text_only=is_text)
    if record.skip_reason and raw:
        raise InputError(f"{name} cannot be shown: {record.skip_reason}")
    source = decode(raw)
    guard = Guard.of(source.data)
    if guard.secrets and allows(how, file.path):
        guard = Guard((), guard.hidden)
    if not how.reveal_secrets:
        source.data = guard.masked(source.data)
    start_line, end_line = place.start_line or min(1, record.lines), place.end_line or record.lines
    if start_line > record.lines:
        raise UsageError(f"{name} has {record.lines:,} lines, not {start_line:,}")
    end_line = min(end_line, record.lines)
    written = str(place.path)
    shown = _Shown(source, guard, how)
    text = visible_text(_text(written, shown, record, level, start_line, end_line)) if raw else ""
    return {
        "path": written,
        "start_line": start_line,
        "end_line": end_line,
        "level": level,
        "model": model.id,
        "encoding": model.encoding,
        "method": model.method.value,
        "tokens": counter.count(text) if text else 0,
        "secrets": told({(written, one.line, one.kind) for one in shown.seen if one.is_secret}),
        "hidden": told({(written, one.line, one.kind) for one in shown.seen if not one.is_secret}),
        "text": text,
    }


class _Shown:
    """Writes stretches of one file as they may leave, and keeps in mind what stood in them."""

    def __init__(self, source: SourceText, guard: Guard, how: Disclosure) -> None:
        self.source, self._guard, self._how = source, guard, how
        self.seen: list[Sighting] = []

    def stretch(self, start: int, end: int, edits: Sequence[Edit] = ()) -> str:
        """One stretch at a level."""
        self.seen += self._guard.seen(start, end, edits, self.source.line_starts)
        return self._guard.text(self.source.data, start, end, edits, self._how)

    def name(self, text: str) -> str:
        """A name taken from the file."""
        return text if self._how.reveal_secrets else mask_name(text)


def _only_file(files: list[SourceFile], place: Place) -> SourceFile:
    name = display_path(str(place.path))
    if place.path.is_dir():
        raise UsageError(f"{name} is a folder; show takes one file", "packsight scan shows folders")
    if len(files) != 1:
        raise InputError(f"{name} is not listed: ignored, excluded or not a regular file")
    return files[0]


def _text(name: str, shown: _Shown, record: BlobRecord, level: int, start_line: int, end_line: int) -> str:
    source = shown.source
    if level == Level.FULL:
        return shown.stretch(source.line_starts[start_line - 1], source.line_starts[end_line])
    detail = Detail.unpack(record.detail)
    rows = list(CHUNK_ROW.iter_unpack(record.rows))
    if level >= Level.EMERGENCY:
        from engine.columns import CLASSES

        total = sum(int.from_bytes(record.counts[at : at + 4], "little") for at in range(0, len(record.counts), 24))
        return file_line(name, CLASSES[rows[0][0]].value, record.lines, total, [*map(shown.name, record.names)]) + "\n"
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
                outlined.append((first, last, shown.name(detail.outlines[index])))
            continue
        start, end = starts[index], starts[index + 1]
        parts.append(shown.stretch(start, end, edits[index][level - 1]))
        above = text_at(source.data, start, end, edits[index][level - 2])
        if level == Level.CAPSULE and text_at(source.data, start, end, edits[index][level - 1]) != above:
            parts.append(capsule_line(name, first, last) + "\n")
    if outlined:
        parts.append(gap_line(outlined[0][0], outlined[-1][1], "", [item[2] for item in outlined]) + "\n")
    return "".join(parts)
