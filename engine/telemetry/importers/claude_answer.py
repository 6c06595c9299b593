"""One answer in Claude Code's logs: several lines of which the best one counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.make_event import make_event, maker_of
from engine.telemetry.importers.values import count, digest, key, moment, word, words
from engine.telemetry.importers.words import ending
from engine.telemetry.words import CeilingSource, Finish

if TYPE_CHECKING:
    from engine.telemetry.importers.claude_lines import Line

SOURCE = "claude-code"
_CEILING = re.compile(rb"exceeded the (\d{1,9}) output token maximum")
_CUT = (None, "max_tokens")
_MAKE = maker_of(
    "timestamp", "source", "dedupe_key", "provider", "model", "effort", "actual_max_tokens", "ceiling_source",
    "actual_output_tokens", "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens", "truncated",
    "complete", "finish", "stop_reason", "session_id", "request_id", "response_id",
)  # fmt: skip
_IDENTIFIED = 1000
"""Bytes at the start of a line in which its message's id nearly always is."""
_END = 400
"""Bytes of a line's end that are kept."""


class Answer:
    """The lines of one answer so far."""

    __slots__ = ("best", "ceiling", "end", "first", "last", "line", "name", "named_at", "offset", "rank")

    def __init__(self, best: Line, raw: bytes, line: int, offset: int) -> None:
        self.best = best
        """The line that counts."""
        self.rank = rank_of(best)
        self.first = best.timestamp
        """Moment of the first line."""
        self.line, self.offset = line, offset
        """Where the first line is."""
        self.last = offset
        """Where the last line is."""
        self.end = raw[-_END:]
        """End of the last line, in which its own id is."""
        self.ceiling: int | None = None
        """Ceiling that it hit, by the client's message about it."""
        self.name, self.named_at = b"", 0
        """What names its message in a line, and where that was last."""

    def is_of(self, raw: bytes) -> bool:
        """Whether a line is whole and names this answer's message."""
        if not self.name and self.best.message is not None:
            self.name = f'"id":"{self.best.message.id}"'.encode("utf-8", "replace")
        if raw[-1:] != b"}":
            return False
        if raw.startswith(self.name, self.named_at):
            return True
        found = raw.find(self.name, 0, _IDENTIFIED)
        self.named_at = max(found, 0)
        return found >= 0

    def repeat(self, raw: bytes, offset: int) -> None:
        """Take one more line that says what is known."""
        self.last, self.end = offset, raw[-_END:]

    def take(self, line: Line, raw: bytes, offset: int) -> None:
        """Take one more line."""
        self.repeat(raw, offset)
        rank = rank_of(line)
        if rank > self.rank:
            self.best, self.rank = line, rank

    def event(self) -> Event:
        """Return the event of the answer.

        Raises:
            Unusable: there is no time.
        """
        line, happened = self.best, moment(self.first)
        message = line.message
        if message is None or message.usage is None or happened is None:
            raise Unusable("no usable timestamp")
        counted, details = message.usage, message.usage.output_tokens_details
        prompt, cached = count(counted.input_tokens), count(counted.cache_read_input_tokens)
        cache_write = count(counted.cache_creation_input_tokens)
        raw_stop, model, effort, session, request, response = words(
            message.stop_reason or "",
            message.model,
            line.effort or "",
            line.sessionId,
            line.requestId or "",
            message.id,
        )
        (finish, truncated), ceiling, output = ending(raw_stop), self.ceiling or None, self.rank[1]
        if ceiling is not None:
            finish, truncated, output = Finish.LENGTH, True, output if raw_stop else ceiling
            if output > ceiling:
                ceiling = None
        made: Event = _MAKE(
            happened,
            SOURCE,
            response if response and response is message.id else name_of(line),
            "anthropic",
            model,
            effort,
            ceiling,
            CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
            output,
            count(details.get("thinking_tokens")) if type(details) is dict else None,
            None if prompt is None else prompt + (cached or 0) + (cache_write or 0),
            cached,
            cache_write,
            truncated,
            bool(raw_stop) or self.ceiling is not None,
            finish,
            raw_stop,
            session,
            request,
            response,
        )
        return made


def rank_of(line: Line) -> tuple[bool, int, bool]:
    """Return how much a line counts: not of a side chain, its output, with a stop reason.

    Raises:
        Unusable: it has no count of its output.
    """
    message = line.message
    output = count(message.usage.output_tokens) if message is not None and message.usage is not None else None
    if message is None or output is None:
        raise Unusable("usage.output_tokens is no count")
    return line.isSidechain is not True, output, message.stop_reason is not None


def name_of(line: Line) -> str:
    """Return what an answer is known by: the id of its message, or the nearest thing to it."""
    found = key(line.message.id) if line.message is not None else ""
    return found or f"line:{key(line.requestId) or key(line.uuid) or digest(line.sessionId, line.timestamp)}"


def hit_ceiling(answers: Mapping[str, Answer], line: Line, raw: bytes) -> Event | None:
    """Take the client's own message: where it says that a ceiling was hit, it names the ceiling, which no answer does.

    It belongs to the answer that it follows; where that one is not at hand, it is an event itself.
    """
    found = _CEILING.search(raw) if line.isApiErrorMessage is True else None
    ceiling = int(found[1]) if found is not None else 0
    if not ceiling:
        return None
    parent = f'"uuid":"{key(line.parentUuid)}"'.encode("utf-8", "replace")
    for answer in reversed(list(answers.values())):
        message = answer.best.message
        if parent in answer.end and message is not None and message.stop_reason in _CUT:
            answer.ceiling = ceiling
            return None
    happened = moment(line.timestamp)
    if happened is None:
        raise Unusable("no usable timestamp")
    return make_event(
        timestamp=happened,
        source=SOURCE,
        dedupe_key=f"error:{key(line.uuid) or digest(line.sessionId, line.timestamp)}",
        provider="anthropic",
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.IMPORTED,
        actual_output_tokens=ceiling,
        truncated=True,
        finish=Finish.LENGTH,
        session_id=word(line.sessionId),
        request_id=word(line.requestId),
    )
