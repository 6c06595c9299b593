"""Answers of OpenAI, of both its interfaces, whole or in pieces as they are streamed."""

from __future__ import annotations

from dataclasses import replace

from engine.telemetry.providers.fields import each, get, number, text
from engine.telemetry.providers.reply import Reply, Usage, ended

_FINAL = ("response.completed", "response.incomplete", "response.failed")


def read_response(response: object) -> Reply:
    """Read a whole ``response``: cut off is ``status: incomplete`` with the reason beside it."""
    status = text(response, "status")
    word = text(response, "incomplete_details", "reason") or status
    refused, parts = False, []
    for item in each(response, "output"):
        for part in each(item, "content"):
            refused = refused or text(part, "type") == "refusal"
            if text(part, "type") == "output_text":
                parts.append(text(part, "text"))
        if text(item, "type") in ("function_call", "custom_tool_call") and word == "completed":
            word = "tool_calls"
    if refused and word == "completed":
        word = "refusal"
    reply = ended(
        word,
        text="".join(parts),
        usage=Usage(
            prompt_tokens=number(response, "usage", "input_tokens"),
            cached_tokens=number(response, "usage", "input_tokens_details", "cached_tokens"),
            cache_write_tokens=number(response, "usage", "input_tokens_details", "cache_write_tokens"),
            output_tokens=number(response, "usage", "output_tokens"),
            reasoning_tokens=number(response, "usage", "output_tokens_details", "reasoning_tokens"),
        ),
        model=text(response, "model"),
        request_id=text(response, "_request_id"),
        response_id=text(response, "id"),
    )
    return replace(reply, stop_reason=text(response, "error", "code") or word)


def read_completion(completion: object) -> Reply:
    """Read a whole ``chat.completion``."""
    choice = next(each(completion, "choices"), None)
    word = text(choice, "finish_reason")
    if word == "stop" and text(choice, "message", "refusal"):
        word = "refusal"
    return ended(
        word,
        text=text(choice, "message", "content"),
        usage=_completion_usage(get(completion, "usage")),
        model=text(completion, "model"),
        request_id=text(completion, "_request_id"),
        response_id=text(completion, "id"),
    )


class ResponsesPieces:
    """Puts the events of a streamed response together."""

    def __init__(self) -> None:
        self._whole: Reply | None = None
        self._begun = Reply(complete=False)
        self._text: list[str] = []

    @staticmethod
    def takes(piece: object) -> bool:
        """Whether this is one."""
        return text(piece, "type").startswith("response.")

    def add(self, piece: object) -> str:
        """Take an event; returns the visible text in it."""
        kind = text(piece, "type")
        if kind == "response.output_text.delta":
            self._text.append(text(piece, "delta"))
            return self._text[-1]
        if kind in _FINAL:
            self._whole = read_response(get(piece, "response"))
        elif kind == "response.created":
            response = get(piece, "response")
            self._begun = replace(self._begun, model=text(response, "model"), response_id=text(response, "id"))
        return ""

    def reply(self) -> Reply:
        """What came so far; complete only when the last event did."""
        said = "".join(self._text)
        if self._whole is None:
            return replace(self._begun, text=said)
        return self._whole if self._whole.text else replace(self._whole, text=said)

    @property
    def is_over(self) -> bool:
        """Whether the last event came."""
        return self._whole is not None


class ChatPieces:
    """Puts the chunks of a streamed chat completion together."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._word = self._model = self._id = ""
        self._refused = False
        self._usage = Usage()

    @staticmethod
    def takes(piece: object) -> bool:
        """Whether this is one."""
        return text(piece, "object") == "chat.completion.chunk"

    def add(self, piece: object) -> str:
        """Take a chunk; returns the visible text in it."""
        self._model = text(piece, "model") or self._model
        self._id = text(piece, "id") or self._id
        usage = get(piece, "usage")
        if usage is not None:
            self._usage = _completion_usage(usage)
        choice = next(each(piece, "choices"), None)
        self._word = text(choice, "finish_reason") or self._word
        self._refused = self._refused or bool(text(choice, "delta", "refusal"))
        self._text.append(text(choice, "delta", "content"))
        return self._text[-1]

    def reply(self) -> Reply:
        """What came so far; complete only when it said why it ended."""
        word = "refusal" if self._refused and self._word == "stop" else self._word
        known = {"text": "".join(self._text), "usage": self._usage, "model": self._model, "response_id": self._id}
        return ended(word, **known)

    @property
    def is_over(self) -> bool:
        """Whether it said why it ended."""
        return bool(self._word)


def _completion_usage(usage: object) -> Usage:
    return Usage(
        prompt_tokens=number(usage, "prompt_tokens"),
        cached_tokens=number(usage, "prompt_tokens_details", "cached_tokens"),
        cache_write_tokens=number(usage, "prompt_tokens_details", "cache_write_tokens"),
        output_tokens=number(usage, "completion_tokens"),
        reasoning_tokens=number(usage, "completion_tokens_details", "reasoning_tokens"),
    )
