"""Answers of Anthropic, whole or in pieces as they are streamed."""

from __future__ import annotations

from dataclasses import replace

from engine.telemetry.providers.fields import each, get, number, text
from engine.telemetry.providers.reply import Reply, Usage, ended


def read_message(message: object) -> Reply:
    """Read a whole ``message``."""
    return ended(
        text(message, "stop_reason"),
        text="".join(text(block, "text") for block in each(message, "content") if text(block, "type") == "text"),
        usage=_usage(get(message, "usage")),
        model=text(message, "model"),
        request_id=text(message, "_request_id"),
        response_id=text(message, "id"),
    )


class MessagePieces:
    """Puts the events of a streamed message together: input counts come first, output counts and the end last."""

    _KINDS = frozenset(
        {
            "message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta",
            "content_block_stop", "ping", "text",
        }
    )  # fmt: skip

    def __init__(self) -> None:
        self._text: list[str] = []
        self._begun = Reply()
        self._usage = Usage()
        self._word = ""
        self._over = False

    @classmethod
    def takes(cls, piece: object) -> bool:
        """Whether this is one."""
        return text(piece, "type") in cls._KINDS

    def add(self, piece: object) -> str:
        """Take an event; returns the visible text in it."""
        kind = text(piece, "type")
        if kind == "message_start":
            self._begun = read_message(get(piece, "message"))
            # The output count of a message that has only begun is a stub.
            self._usage = replace(self._begun.usage, output_tokens=None, reasoning_tokens=None)
        elif kind == "content_block_start":
            return self._said(text(piece, "content_block", "text"))
        elif kind == "content_block_delta" and text(piece, "delta", "type") == "text_delta":
            return self._said(text(piece, "delta", "text"))
        elif kind == "message_delta":
            self._word = text(piece, "delta", "stop_reason") or self._word
            self._usage = _later(self._usage, get(piece, "usage"))
        self._over = self._over or kind == "message_stop"
        return ""

    def _said(self, piece: str) -> str:
        self._text.append(piece)
        return piece

    def reply(self) -> Reply:
        """What came so far; complete only when it said why it ended."""
        return ended(
            self._word,
            text="".join(self._text),
            usage=self._usage,
            model=self._begun.model,
            request_id=self._begun.request_id,
            response_id=self._begun.response_id,
        )

    @property
    def is_over(self) -> bool:
        """Whether the last event came."""
        return self._over


def _usage(usage: object) -> Usage:
    """``input_tokens`` leaves out what was read from and written to the cache; here all input is the prompt."""
    fresh = number(usage, "input_tokens")
    cached, written = number(usage, "cache_read_input_tokens"), number(usage, "cache_creation_input_tokens")
    return Usage(
        prompt_tokens=None if fresh is None else fresh + (cached or 0) + (written or 0),
        cached_tokens=cached,
        cache_write_tokens=written,
        output_tokens=number(usage, "output_tokens"),
        reasoning_tokens=number(usage, "output_tokens_details", "thinking_tokens"),
    )


def _later(before: Usage, usage: object) -> Usage:
    """Counts are cumulative; those of the input are given again only sometimes."""
    after = _usage(usage)
    output = {"output_tokens": after.output_tokens, "reasoning_tokens": after.reasoning_tokens}
    if after.prompt_tokens is None:
        return replace(before, **output)
    cached = before.cached_tokens if after.cached_tokens is None else after.cached_tokens
    written = before.cache_write_tokens if after.cache_write_tokens is None else after.cache_write_tokens
    fresh = number(usage, "input_tokens") or 0
    return Usage(
        prompt_tokens=fresh + (cached or 0) + (written or 0),
        cached_tokens=cached,
        cache_write_tokens=written,
        **output,
    )
