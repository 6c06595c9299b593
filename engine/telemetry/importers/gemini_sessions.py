"""Gemini CLI's chats: ``tmp/*/chats/session-*.jsonl``, and the ``.json`` documents of older versions.

A message is written again when its tokens are known. Its output is without the thoughts, its input with what came from
the cache. There is no ceiling and no finish reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.by_record import by_record
from engine.telemetry.importers.importer import Importer
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import count, digest, key, moment, word

SOURCE = "gemini-cli"


def parse(record: Mapping[str, object], memory: dict[str, object]) -> Iterator[Event]:
    """Yield the event of a message whose tokens are known, or those of a whole document."""
    session = record.get("sessionId")
    if isinstance(session, str) and "projectHash" in record:
        memory["session"] = word(session)
    messages = record.get("messages")
    if not isinstance(messages, list):
        yield from _message(record, memory)
        return
    problem: Unusable | None = None
    for message in messages:
        try:
            yield from _message(message if isinstance(message, dict) else {}, memory)
        except Unusable as reason:
            problem = reason
    if problem is not None:
        raise problem


def claims(record: Mapping[str, object]) -> bool:
    """Whether an object is the head of a chat, or a chat."""
    return "sessionId" in record and "projectHash" in record


def locations(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Gemini CLI keeps chats."""
    named = environment.get("GEMINI_CLI_HOME")
    return ((Path(named).expanduser() if named else home) / ".gemini" / "tmp",)


IMPORTER = Importer(SOURCE, "Gemini CLI", claims, locations, by_record(parse))


def _message(message: Mapping[str, object], memory: Mapping[str, object]) -> Iterator[Event]:
    tokens = message.get("tokens")
    if message.get("type") != "gemini" or not isinstance(tokens, dict):
        return
    happened, session = moment(message.get("timestamp")), word(memory.get("session"))
    if happened is None:
        raise Unusable("no usable timestamp")
    output = count(tokens.get("output"))
    if output is None:
        raise Unusable("tokens.output is no count")
    prompt, tool = count(tokens.get("input")), count(tokens.get("tool"))
    usage = settle(
        prompt=None if prompt is None else prompt + (tool or 0),
        output=output,
        cached=count(tokens.get("cached")),
        reasoning=count(tokens.get("thoughts")),
        total=count(tokens.get("total")),
        reasoning_inside=False,
    )
    name = key(message.get("id"))
    yield Event(
        timestamp=happened,
        source=SOURCE,
        dedupe_key=f"{session}:{name}" if name else digest(session, happened, usage.prompt, output),
        provider="gemini",
        model=word(message.get("model")),
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        session_id=session,
    )
