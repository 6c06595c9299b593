"""Codex CLI's rollouts: ``sessions/YYYY/MM/DD/rollout-*.jsonl``.

Versions from 0.153 on write a record with an id and a usage for each response; where there is one, only those count.
Before that a session's running totals are written again and again, so a response is their advance, and a fork or a
sub-agent begins by repeating its parent's, which is passed over. There is no ceiling and no finish reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.codex_session import Counts, Session, counts
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.lines import blocks
from engine.telemetry.importers.log import Found, Log
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import digest, key, moment, word
from engine.telemetry.importers.words import provider_of

SOURCE = "codex"
_HEAD = 200
_PASSED = (b'"response_item"', b'"compacted"', b'"world_state"')
"""Lines that hold texts and no counts of their own; their type is among the first bytes."""
_TYPES = frozenset({"session_meta", "turn_context", "event_msg", "response_item", "token_usage_record", "compacted"})


class _Waiting:
    """A token count that a record of the same response may follow."""

    __slots__ = ("event", "line", "offset", "session", "used")

    def __init__(self, event: Event, used: Counts, offset: int, line: int, session: dict[str, object]) -> None:
        self.event, self.used = event, used
        self.offset, self.line, self.session = offset, line, session


def read(log: Log) -> Iterator[Found]:
    """Yield an event for each response, and the lines that are broken."""
    from engine.telemetry.importers.codex_lines import LINE

    with open(log.path, "rb") as stream:
        log.begin(stream)
        session = Session(log.state)
        offset, number = log.resume
        waiting: _Waiting | None = None
        for block in blocks(stream, offset, number):
            if block.overlong:
                yield log.bad(block.line, "longer than a line can be")
                continue
            offset, number = block.offset, block.line - 1
            for raw in block.lines:
                number += 1
                begin, offset = offset, offset + len(raw) + (not block.last)
                head = raw[:_HEAD]
                if not raw or any(mark in head for mark in _PASSED):
                    continue
                try:
                    line = LINE.decode(raw)
                except (ValueError, RecursionError):
                    if block.last:
                        offset = begin
                        break
                    problem = _problem(raw)
                    if problem:
                        yield log.bad(number, problem)
                    continue
                payload = line.payload
                if payload is None:
                    continue
                session.begun = session.begun or word(line.timestamp)
                try:
                    if line.type == "token_usage_record":
                        used = counts(payload.usage)
                        if waiting is not None and waiting.used != used:
                            yield waiting.event
                        waiting, session.has_records = None, True
                        yield _event(session, used, line.timestamp, payload.response_id)
                    elif line.type == "event_msg" and payload.type == "token_count":
                        if payload.info is None or session.has_records:
                            continue
                        before = session.to_json()
                        total, last = counts(payload.info.total_token_usage), counts(payload.info.last_token_usage)
                        advance = session.advance(total, last)
                        if advance is None or not any(advance) or session.is_repeating(line.timestamp):
                            continue
                        if waiting is not None:
                            yield waiting.event
                            waiting = None
                        made = _event(session, advance, line.timestamp, None)
                        waiting = _Waiting(made, advance, begin, number - 1, before)
                    elif line.type == "turn_context":
                        session.model, session.effort = word(payload.model) or session.model, word(payload.effort)
                    elif line.type == "session_meta":
                        session.describe(_fields(payload), line.timestamp)
                except Unusable as problem_found:
                    yield log.bad(number, str(problem_found))
            log.done_bytes = offset
            log.resume = offset, number - block.last
        log.state = session.to_json()
        if waiting is not None and session.writes_records:
            log.resume, log.state = (waiting.offset, waiting.line), waiting.session
        elif waiting is not None:
            yield waiting.event
        log.finish(stream)


def claims(record: Mapping[str, object]) -> bool:
    """Whether a line of a log is Codex's."""
    return word(record.get("type")) in _TYPES and isinstance(record.get("payload"), dict)


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Codex keeps sessions, those put away included."""
    named = environment.get("CODEX_HOME")
    folder = Path(named).expanduser() if named else home / ".codex"
    return folder / "sessions", folder / "archived_sessions"


IMPORTER = Importer(SOURCE, "Codex CLI", claims, locations, read)


def _event(session: Session, used: Counts | None, written: object, response: object) -> Event:
    happened = moment(written)
    if used is None:
        raise Unusable("usage.output_tokens is no count")
    if happened is None:
        raise Unusable("no usable timestamp")
    prompt, cached, cache_write, output, reasoning, total = used
    usage = settle(
        prompt=prompt, output=output, cached=cached, cache_write=cache_write or None, reasoning=reasoning, total=total
    )
    return Event(
        timestamp=happened,
        source=SOURCE,
        dedupe_key=key(response) or f"{key(session.id) or session.begun}:{session.chain or digest(used, written)}",
        provider=provider_of(session.provider, session.model) or "openai",
        model=session.model,
        effort=session.effort,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        session_id=session.id,
        response_id=word(response),
    )


def _fields(payload: object) -> dict[str, object]:
    names = ("id", "forked_from_id", "parent_thread_id", "source", "cli_version", "model_provider")
    return {name: getattr(payload, name) for name in names}


def _problem(raw: bytes) -> str:
    """Why the decoder refused a line; ``""`` when it is whole and only of a shape that is not read."""
    from engine.telemetry.importers.json_text import parse_object

    if not raw.strip():
        return ""
    try:
        record = parse_object(raw)
    except ValueError as error:
        return str(error)
    return "counts of another shape" if b"token_usage" in raw and record.get("type") != "response_item" else ""
