"""The few fields of a Claude Code log line that matter; the decoder passes over the rest without building it.

Imported late: the decoder is a C extension. Passing over the texts is what makes a line of some KB cost 3 µs.
"""

from __future__ import annotations

import msgspec


class Usage(msgspec.Struct, gc=False):
    """``message.usage``."""

    input_tokens: object = None
    cache_read_input_tokens: object = None
    cache_creation_input_tokens: object = None
    output_tokens: object = None
    output_tokens_details: object = None


class Message(msgspec.Struct, gc=False):
    """``message``: what the API answered."""

    id: object = None
    model: object = None
    stop_reason: object = None
    usage: Usage | None = None


class Line(msgspec.Struct, gc=False):
    """One line: one block of an answer."""

    type: object = None
    message: Message | None = None
    timestamp: object = None
    requestId: object = None  # noqa: N815
    sessionId: object = None  # noqa: N815
    isSidechain: object = None  # noqa: N815
    isApiErrorMessage: object = None  # noqa: N815
    effort: object = None
    uuid: object = None
    parentUuid: object = None  # noqa: N815


class Nested(msgspec.Struct, gc=False):
    """``data`` of a progress line, which some versions write for a sub-agent's answers."""

    message: Line | None = None


class Progress(msgspec.Struct, gc=False):
    """A progress line."""

    data: Nested | None = None


LINE = msgspec.json.Decoder(Line)
"""Decodes a line."""
PROGRESS = msgspec.json.Decoder(Progress)
"""Decodes a progress line."""
