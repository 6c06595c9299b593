"""Texts within conversations of Claude Code, each with the tokens that it added to the prompt.

Logs say how long the whole prompt was, never how long a file in it. But from one call to the next a prompt grows by the
answer before, whose length is logged, and by what the tools gave back; where nothing else came between, what is left of
the growth is the provider's count of the tools' texts. Thoughts may be taken out of later prompts, attachments and
reminders put in, conversations compacted: wherever one of these shows, the step is left out.

Texts are handed to whoever counts them and are kept nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.telemetry.importers.json_text import parse
from engine.telemetry.importers.lines import blocks
from engine.telemetry.importers.values import count, mapping, moment, word
from engine.telemetry.moments import to_us

_TELLING = (b'"usage"', b'"tool_result"', b'"user"', b'"attachment"', b'"system"')
_READS = "Read"
_MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class AgentText:
    """What tools gave back between two calls."""

    model: str
    at_us: int
    text: str
    sent: int
    """Tokens that the prompt grew by, beyond the answer before."""
    path: str
    """The file, when it is the text of one; only its ending may be kept."""


@dataclass(slots=True)
class _Thread:
    """A conversation so far: the last call, and what came after it."""

    message: str = ""
    prompt: int = 0
    output: int = 0
    is_plain: bool = False
    reads: dict[str, str] = field(default_factory=dict)
    """Paths by the id of the tool's use."""
    texts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    is_spoilt: bool = False


def log_files(paths: Iterable[Path]) -> list[Path]:
    """Session logs in some places, the newest first; links are not followed."""
    found: dict[Path, float] = {}
    for path in paths:
        walked = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
        for place in [path] if path.is_file() else walked:
            if place.suffix == ".jsonl" and not place.is_symlink():
                found[place] = place.stat().st_mtime
    return sorted(found, key=lambda place: (-found[place], str(place)))


def agent_texts(path: Path) -> Iterator[AgentText]:
    """Read a session log; lines that are none are passed over.

    Raises:
        OSError: it cannot be read.
    """
    threads: dict[tuple[str, bool], _Thread] = {}
    with open(path, "rb") as stream:
        for block in blocks(stream, 0, 0):
            for raw in block.lines:
                if not any(mark in raw for mark in _TELLING):
                    continue
                try:
                    record = mapping(parse(raw))
                except (ValueError, RecursionError):
                    continue
                key = word(record.get("agentId")) or word(record.get("sessionId")), record.get("isSidechain") is True
                thread = threads.setdefault(key, _Thread())
                if record.get("type") == "assistant":
                    found = _answer(thread, record)
                    if found is not None:
                        yield found
                elif record.get("type") == "user":
                    _given(thread, record)
                else:
                    thread.is_spoilt = True


def _answer(thread: _Thread, record: Mapping[str, Any]) -> AgentText | None:
    message = mapping(record.get("message"))
    usage, name = mapping(message.get("usage")), word(message.get("id"))
    parts = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    prompt, output = sum(count(usage.get(part)) or 0 for part in parts), count(usage.get("output_tokens")) or 0
    found = None
    if name != thread.message:
        happened, grown = moment(record.get("timestamp")), prompt - thread.prompt - thread.output
        text = "\n".join(thread.texts)
        if thread.is_plain and not thread.is_spoilt and text and happened and name and grown > 0:
            path = thread.paths[0] if len(thread.texts) == len(thread.paths) == 1 else ""
            found = AgentText(word(message.get("model")), to_us(happened), text, grown, path)
        thread.message, thread.prompt, thread.output = name, prompt, 0
        thread.is_plain, thread.is_spoilt = bool(name and prompt), False
        thread.texts, thread.paths, thread.reads = [], [], {}
    thread.output = max(thread.output, output)
    if count(mapping(usage.get("output_tokens_details")).get("thinking_tokens")):
        thread.is_plain = False
    for part in _parts(message):
        if part.get("type") == "tool_use":
            given = mapping(part.get("input"))
            file = given.get("file_path")
            if part.get("name") == _READS and isinstance(file, str):
                thread.reads[word(part.get("id"))] = file
        elif part.get("type") != "text":
            thread.is_plain = False
    return found


def _given(thread: _Thread, record: Mapping[str, Any]) -> None:
    """Take a tool's answer; anything else that a person or the client says is text that is not all in the log."""
    parts = _parts(mapping(record.get("message")))
    if not parts:
        thread.is_spoilt = True
    for part in parts:
        content = part.get("content")
        if isinstance(content, list) and all(isinstance(one, dict) and one.get("type") == "text" for one in content):
            content = "\n".join(str(one.get("text")) for one in content)
        if part.get("type") != "tool_result" or not isinstance(content, str) or len(content) > _MOST_CHARACTERS:
            thread.is_spoilt = True
            continue
        thread.texts.append(content)
        path = thread.reads.get(word(part.get("tool_use_id")))
        if path:
            thread.paths.append(path)


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return [mapping(part) for part in content] if isinstance(content, list) else []
