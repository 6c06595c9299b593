"""The few fields of a Codex rollout line that matter. Imported late: the decoder is a C extension."""

from __future__ import annotations

import msgspec


class Info(msgspec.Struct, gc=False):
    """``payload.info`` of a token count."""

    total_token_usage: object = None
    last_token_usage: object = None


class Payload(msgspec.Struct, gc=False):
    """``payload``, of any of the lines that are read."""

    type: object = None
    info: Info | None = None
    usage: object = None
    response_id: object = None
    thread_id: object = None
    id: object = None
    forked_from_id: object = None
    parent_thread_id: object = None
    source: object = None
    timestamp: object = None
    cli_version: object = None
    model_provider: object = None
    model: object = None
    effort: object = None


class Line(msgspec.Struct, gc=False):
    """One line."""

    type: object = None
    timestamp: object = None
    payload: Payload | None = None


LINE = msgspec.json.Decoder(Line)
"""Decodes a line."""
