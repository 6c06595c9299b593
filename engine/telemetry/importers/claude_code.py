"""Claude Code's session logs: ``projects/**/*.jsonl``, one line for each block of an answer.

One answer is several lines with one ``message.id``: early ones may carry a stub of the usage and no stop reason, a
side chain may repeat the line under another request id, a resumed session copies its history. Of all of them the best
one counts: not of a side chain, most output, with a stop reason; its moment is the first line's. Logs do not hold the
ceiling that was asked for, except in the text of the error that the client writes when it was hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.claude_answer import SOURCE, Answer, hit_ceiling, name_of
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.lines import Block, blocks
from engine.telemetry.importers.log import Found, Log
from engine.telemetry.importers.values import word

if TYPE_CHECKING:
    from engine.telemetry.importers.claude_lines import Line

_WINDOW = 256
"""Answers that are open at once. The lines of one answer are a few lines apart, also where sub-agents interleave."""
_TAIL = 1400
"""Bytes at the end of a line in which its usage nearly always is: looking there first halves the search."""
_TYPED, _HEAD = 400, 1000
"""Bytes at the start of a line in which its type nearly always is, and its message's role."""
_NEAR = 48
"""Bytes that the end of a line grows by from one answer to the next: digits of counts, a longer word."""
_NEEDLE, _USER = b'"usage"', b'"type":"user"'
_STOP, _CONTENT = b'"stop_reason"', b'"role":"assistant","content":['
_SYNTHETIC = "<synthetic>"
_TYPES = frozenset({"user", "assistant", "system", "summary", "progress", "attachment", "queue-operation"})
_IDS = frozenset({"parentUuid", "leafUuid", "uuid", "operation"})


def read(log: Log) -> Iterator[Found]:
    """Yield an event for each answer, and the lines that are broken."""
    answers: dict[str, Answer] = {}
    with open(log.path, "rb") as stream:
        log.begin(stream)
        for block in blocks(stream, *log.resume):
            if block.overlong:
                yield log.bad(block.line, "longer than a line can be")
                continue
            yield from _block(log, block, answers)
            while len(answers) > _WINDOW:
                yield _event(log, answers.pop(next(iter(answers))))
        yield from (_event(log, answer) for answer in answers.values())
        log.resume = _resume(answers, *log.resume)
        log.finish(stream)


def claims(record: Mapping[str, object]) -> bool:
    """Whether a line of a log is Claude Code's."""
    return word(record.get("type")) in _TYPES and "sessionId" in record and bool(_IDS & record.keys())


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Claude Code writes: ``CLAUDE_CONFIG_DIR``, one folder or more, or its two defaults."""
    parts = environment.get("CLAUDE_CONFIG_DIR", "").split(",")
    named = [Path(part.strip()).expanduser() for part in parts if part.strip()]
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return tuple(folder / "projects" for folder in named or (home / ".claude", config / "claude"))


IMPORTER = Importer(SOURCE, "Claude Code", claims, locations, read)


def _block(log: Log, block: Block, answers: dict[str, Answer]) -> Iterator[Found]:
    """Put the lines of a block to their answers. Only a line that names a usage is decoded."""
    from engine.telemetry.importers.claude_lines import LINE

    decode = LINE.decode
    offset, number, gap = block.offset, block.line - 1, not block.last
    counted, answer = b"", None
    # Where the marks were in the lines before: to look there costs a fifth of a search.
    behind, typed = 0, 0
    for raw in block.lines:
        number += 1
        size = len(raw)
        # Newer versions repeat stop reason and usage on every line of an answer: to know such a line again costs a
        # tenth of decoding it.
        if answer is not None and gap and raw.startswith(counted, size - behind) and answer.is_of(raw):
            answer.repeat(raw, offset)
            offset += size + 1
            continue
        if gap and raw[-1:] == b"}":
            if not raw.startswith(_USER, typed):
                found_at = raw.find(_USER, 0, _TYPED)
                typed = found_at if found_at >= 0 else typed
            else:
                found_at = typed
            if found_at >= 0:
                offset += size + 1
                continue
        stop = raw.find(_STOP, -behind - _NEAR) if behind else -1
        if stop < 2 or raw[stop - 2 : stop] != b"],":
            stop = raw.find(_STOP, -_TAIL)
        line: Line | None = None
        try:
            if stop >= 0 or raw.find(_NEEDLE, -_TAIL) >= 0 or _NEEDLE in raw:
                try:
                    line = decode(_without_content(raw, stop))
                except (ValueError, RecursionError):
                    line = _leniently(raw)
                found = _put(answers, line, raw, number, offset) if line.type != "user" else None
                if isinstance(found, Answer):
                    answer, counted = (found, raw[stop : raw.find(b"}}", stop) + 2]) if stop >= 0 else (None, b"")
                    behind = size - stop if stop >= 0 else behind
                elif found is not None:
                    yield found
            elif block.last or raw[-1:] != b"}":
                _require_whole(raw, block.last)
        except Unusable as problem:
            if block.last and line is None:
                break
            yield log.bad(number, str(problem))
        offset += size + gap
    log.done_bytes = offset
    log.resume = offset, number - block.last


def _without_content(raw: bytes, stop: int) -> bytes:
    """Cut the blocks out of a line; quotes inside of strings are escaped, so both marks are keys of the message."""
    content = raw.find(_CONTENT, 0, _HEAD) if stop >= 0 else -1
    if content < 0 or raw[stop - 2 : stop] != b"],":
        return raw
    return raw[: content + len(_CONTENT)] + raw[stop - 2 :]


def _put(answers: dict[str, Answer], line: Line, raw: bytes, number: int, offset: int) -> Answer | Event | None:
    """Put a line to its answer and return that; an event where a message of the client stands for itself."""
    if line.type == "progress":
        line = _nested(raw) or line
    message = line.message
    if line.type != "assistant" or message is None or message.usage is None:
        return None
    if message.model == _SYNTHETIC or line.isApiErrorMessage is True:
        return hit_ceiling(answers, line, raw)
    name = message.id if type(message.id) is str and message.id else name_of(line)
    answer = answers.get(name)
    if answer is None:
        answer = answers[name] = Answer(line, raw, number, offset)
    else:
        answer.take(line, raw, offset)
    return answer


def _event(log: Log, answer: Answer) -> Found:
    try:
        return answer.event()
    except Unusable as problem:
        return log.bad(answer.line, str(problem))


def _resume(answers: Mapping[str, Answer], end: int, line: int) -> tuple[int, int]:
    """The next import starts where the last answer began, of which more lines may follow, and all that overlap it."""
    newest = max(answers.values(), key=lambda answer: answer.last, default=None)
    if newest is not None:
        end, line = newest.offset, newest.line - 1
    for answer in sorted(answers.values(), key=lambda answer: answer.last, reverse=True):
        if answer.last < end:
            break
        if answer.offset < end:
            end, line = answer.offset, answer.line - 1
    return end, line


def _nested(raw: bytes) -> Line | None:
    """A sub-agent's answer in a progress line, which some versions write."""
    from engine.telemetry.importers.claude_lines import PROGRESS

    try:
        data = PROGRESS.decode(raw).data
    except (ValueError, RecursionError):
        return None
    return None if data is None else data.message


def _leniently(raw: bytes) -> Line:
    """Return a line that the strict decoder refuses, for its shape or for bytes that are no UTF-8.

    Raises:
        Unusable: it is broken, or an answer's and not as it should be.
    """
    import msgspec

    from engine.telemetry.importers.claude_lines import Line
    from engine.telemetry.importers.json_text import parse_object

    try:
        record = parse_object(raw)
    except ValueError as error:
        raise Unusable(str(error)) from None
    if record.get("type") not in ("assistant", "progress"):
        return Line()
    try:
        line: Line = msgspec.convert(record, Line)
    except (ValueError, RecursionError):
        raise Unusable("message.usage is not what it should be") from None
    return line


def _require_whole(raw: bytes, is_last: bool) -> None:
    """The last line is decoded, because a half-written one may end like a whole one."""
    from engine.telemetry.importers.json_text import parse_object

    text = raw.strip()
    if text and not text.endswith(b"}"):
        raise Unusable("not a whole JSON object")
    if text and is_last:
        try:
            parse_object(text)
        except ValueError as error:
            raise Unusable(str(error)) from None
