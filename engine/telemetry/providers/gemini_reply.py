"""Answers of Gemini, whole or in pieces: a piece has the shape of a whole answer, and its counts are cumulative."""

from __future__ import annotations

from dataclasses import replace

from engine.telemetry.providers.fields import each, get, number, text
from engine.telemetry.providers.reply import Reply, Usage, ended


def read_content(response: object) -> Reply:
    """Read a whole answer of ``generate_content``. A prompt that was blocked has no candidate, but a reason."""
    candidate = next(each(response, "candidates"), None)
    word = text(candidate, "finish_reason")
    blocked = "" if candidate is not None else text(response, "prompt_feedback", "block_reason")
    parts = each(candidate, "content", "parts")
    called = any(get(part, "function_call") is not None for part in each(candidate, "content", "parts"))
    token = get(candidate, "continuation_token")
    reply = ended(
        "safety" if blocked else "tool_calls" if called and word.lower() == "stop" else word,
        text="".join(text(part, "text") for part in parts if not get(part, "thought")),
        usage=_usage(get(response, "usage_metadata")),
        model=text(response, "model_version"),
        response_id=text(response, "response_id"),
        continuation_token=token if isinstance(token, bytes) else None,
    )
    return replace(reply, stop_reason=blocked or word)


class ContentPieces:
    """Puts the pieces of a streamed answer together."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._last = Reply(complete=False)

    @staticmethod
    def takes(piece: object) -> bool:
        """Whether this is one, or a whole answer: both look alike."""
        keys = ("candidates", "usage_metadata", "prompt_feedback")
        return any(get(piece, key) is not None for key in keys)

    def add(self, piece: object) -> str:
        """Take a piece; returns the visible text in it."""
        now, before = read_content(piece), self._last
        self._text.append(now.text)
        ending = now if now.stop_reason else before
        known = now.usage if now.usage != Usage() else before.usage
        self._last = replace(
            ending,
            usage=known,
            model=now.model or before.model,
            response_id=now.response_id or before.response_id,
            continuation_token=now.continuation_token or before.continuation_token,
        )
        return now.text

    def reply(self) -> Reply:
        """What came so far; complete only when it said why it ended."""
        return replace(self._last, text="".join(self._text))

    @property
    def is_over(self) -> bool:
        """Whether it said why it ended."""
        return bool(self._last.stop_reason)


def _usage(usage: object) -> Usage:
    """Thoughts are counted apart from the answer, and what tools put into the prompt apart from the prompt."""
    said, thought = number(usage, "candidates_token_count"), number(usage, "thoughts_token_count")
    prompt, tools = number(usage, "prompt_token_count"), number(usage, "tool_use_prompt_token_count")
    return Usage(
        prompt_tokens=None if prompt is None else prompt + (tools or 0),
        cached_tokens=number(usage, "cached_content_token_count"),
        # A limit that was spent on thoughts leaves the count of the answer out, which is a 0 and not unknown.
        output_tokens=None if said is None and thought is None else (said or 0) + (thought or 0),
        reasoning_tokens=thought,
    )
