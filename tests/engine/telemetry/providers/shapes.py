"""Answers in the shape that each service gives them on the wire, made from the same few facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.engine.telemetry.providers.server import Served

WORDS = {
    "openai": {"stop": "completed", "length": "max_output_tokens", "filter": "content_filter", "refusal": "refusal"},
    "chat": {"stop": "stop", "length": "length", "filter": "content_filter", "refusal": "refusal"},
    "anthropic": {
        "stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "context": "model_context_window_exceeded",
        "pause": "pause_turn",
    },
    "gemini": {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"},
}  # fmt: skip
"""Each service's own word for an ending."""
MODELS = {"openai": "gpt-5.5", "chat": "gpt-5.5", "anthropic": "claude-sonnet-5-5", "gemini": "gemini-3.8-flash"}


@dataclass(frozen=True)
class Facts:
    """What an answer is to say. Counts contain their parts."""

    text: str = "Orders are totalled by adding up their lines."
    end: str = "stop"
    prompt: int = 1200
    cached: int = 800
    written: int = 0
    output: int = 310
    reasoning: int = 120


def served(kind: str, facts: Facts | None = None, *, stream: bool = True, **how: Any) -> Served:
    """An answer of a service, streamed or whole."""
    facts = facts or Facts()
    made = {"openai": _responses, "chat": _chat, "anthropic": _messages, "gemini": _gemini}[kind](facts, stream)
    return replace(made, headers={**made.headers, **how.pop("headers", {})}, **how)


def failed(kind: str, status: int, word: str, message: str, **headers: str) -> Served:
    """An error of a service."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if kind == "anthropic":
        body: dict[str, Any] = {"type": "error", "error": {"type": word, "message": message}, "request_id": "req_a"}
        named.setdefault("request-id", "req_a")
    elif kind == "gemini":
        body = {"error": {"code": status, "message": message, "status": word}}
    else:
        body = {"error": {"message": message, "type": word, "param": None, "code": word}}
        named.setdefault("x-request-id", "req_o")
    return Served(body, status, named)


def sse(*datas: object, named: bool = False) -> list[bytes]:
    """Events of a stream."""
    lines = []
    for data in datas:
        text = data if isinstance(data, str) else json.dumps(data)
        name = f"event: {data['type']}\n" if named and isinstance(data, dict) else ""
        lines.append(f"{name}data: {text}\n\n".encode())
    return lines


def halves(text: str) -> list[str]:
    """A text as two pieces, no piece for no text."""
    middle = len(text) // 2
    return [piece for piece in (text[:middle], text[middle:]) if piece]


def _responses(facts: Facts, stream: bool) -> Served:
    word = WORDS["openai"][facts.end]
    incomplete = facts.end in ("length", "filter")
    part: dict[str, Any] = {"type": "output_text", "text": facts.text, "annotations": []}
    if facts.end == "refusal":
        part = {"type": "refusal", "refusal": "I cannot help with that."}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    thought = {"id": "rs_1", "type": "reasoning", "summary": []}
    response = {
        "id": "resp_1", "object": "response", "created_at": 1_790_000_000, "model": MODELS["openai"],
        "status": "incomplete" if incomplete else "completed",
        "incomplete_details": {"reason": word} if incomplete else None,
        "error": None, "instructions": None, "metadata": {}, "parallel_tool_calls": True, "tool_choice": "auto",
        "tools": [], "temperature": 1.0, "top_p": 1.0,
        "output": [thought, message] if facts.text or facts.end == "refusal" else [thought],
        "usage": {
            "input_tokens": facts.prompt,
            "input_tokens_details": {"cached_tokens": facts.cached, "cache_write_tokens": facts.written},
            "output_tokens": facts.output, "output_tokens_details": {"reasoning_tokens": facts.reasoning},
            "total_tokens": facts.prompt + facts.output,
        },
    }  # fmt: skip
    headers = {"x-request-id": "req_o"}
    if not stream:
        return Served(response, headers=headers)
    begun = {**response, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": thought},
        {"type": "response.output_item.done", "output_index": 0, "item": thought},
    ]  # fmt: skip
    if facts.text or facts.end == "refusal":
        place = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
        empty = {**part, "text": ""} if part["type"] == "output_text" else {**part, "refusal": ""}
        events += [
            {
                "type": "response.output_item.added", "output_index": 1,
                "item": {**message, "status": "in_progress", "content": []},
            },
            {"type": "response.content_part.added", **place, "part": empty},
        ]  # fmt: skip
        if facts.end == "refusal":
            events.append({"type": "response.refusal.delta", **place, "delta": part["refusal"]})
        else:
            events += [
                {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
                for piece in halves(facts.text)
            ]
            events.append({"type": "response.output_text.done", **place, "text": facts.text, "logprobs": []})
        events += [
            {"type": "response.content_part.done", **place, "part": part},
            {"type": "response.output_item.done", "output_index": 1, "item": message},
        ]
    events.append({"type": "response.incomplete" if incomplete else "response.completed", "response": response})
    numbered = [{**event, "sequence_number": number} for number, event in enumerate(events)]
    return Served(headers=headers, events=sse(*numbered, named=True))


def _chat(facts: Facts, stream: bool) -> Served:
    word = "stop" if facts.end == "refusal" else WORDS["chat"][facts.end]
    refusal = "I cannot help with that." if facts.end == "refusal" else None
    usage = {
        "prompt_tokens": facts.prompt, "completion_tokens": facts.output, "total_tokens": facts.prompt + facts.output,
        "prompt_tokens_details": {"cached_tokens": facts.cached, "cache_write_tokens": facts.written},
        "completion_tokens_details": {"reasoning_tokens": facts.reasoning},
    }  # fmt: skip
    headers = {"x-request-id": "req_o"}
    base: dict[str, Any] = {"id": "chatcmpl_1", "created": 1_790_000_000, "model": MODELS["chat"]}
    said = "" if refusal else facts.text
    if not stream:
        message = {"role": "assistant", "content": said or None, "refusal": refusal}
        choice = {"index": 0, "message": message, "finish_reason": word, "logprobs": None}
        return Served({**base, "object": "chat.completion", "choices": [choice], "usage": usage}, headers=headers)
    chunk = {**base, "object": "chat.completion.chunk", "usage": None}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": "", "refusal": refusal}]
    deltas += [{"content": piece} for piece in halves(said)]
    chunks = [{**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": word}]})
    chunks.append({**chunk, "choices": [], "usage": usage})
    return Served(headers=headers, events=sse(*chunks, "[DONE]"))


def _messages(facts: Facts, stream: bool) -> Served:
    inputs = {
        "input_tokens": facts.prompt - facts.cached - facts.written,
        "cache_read_input_tokens": facts.cached, "cache_creation_input_tokens": facts.written,
    }  # fmt: skip
    outputs = {
        "output_tokens": facts.output, "output_tokens_details": {"thinking_tokens": facts.reasoning}
    }  # fmt: skip
    word = WORDS["anthropic"][facts.end]
    message: dict[str, Any] = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": MODELS["anthropic"], "stop_reason": word,
        "stop_sequence": None, "usage": {**inputs, **outputs, "service_tier": "standard"},
        "content": [
            {"type": "thinking", "thinking": "Let me see.", "signature": "c2ln"},
            *([{"type": "text", "text": facts.text}] if facts.text else []),
        ],
    }  # fmt: skip
    headers = {"request-id": "req_a"}
    if not stream:
        return Served(message, headers=headers)
    begun = {**message, "content": [], "stop_reason": None, "usage": {**inputs, "output_tokens": 1}}
    thought = [
        {
            "type": "content_block_start", "index": 0,
            "content_block": {"type": "thinking", "thinking": "", "signature": ""},
        },
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Let me see."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
        {"type": "content_block_stop", "index": 0},
    ]  # fmt: skip
    block = {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}
    deltas = [
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": piece}}
        for piece in halves(facts.text)
    ]
    body = [block, *deltas, {"type": "content_block_stop", "index": 1}] if facts.text else []
    body = [*thought, *body]
    end = {"type": "message_delta", "delta": {"stop_reason": word, "stop_sequence": None}, "usage": outputs}
    start = {"type": "message_start", "message": begun}
    events = sse(start, {"type": "ping"}, *body, end, {"type": "message_stop"}, named=True)
    return Served(headers=headers, events=events)


def _gemini(facts: Facts, stream: bool) -> Served:
    usage: dict[str, Any] = {
        "promptTokenCount": facts.prompt, "cachedContentTokenCount": facts.cached,
        "thoughtsTokenCount": facts.reasoning, "totalTokenCount": facts.prompt + facts.output,
    }  # fmt: skip
    said = facts.output - facts.reasoning
    if said:
        usage["candidatesTokenCount"] = said

    def piece(text: str, word: str | None, counts: dict[str, Any]) -> dict[str, Any]:
        candidate: dict[str, Any] = {"index": 0}
        if text:
            candidate["content"] = {"role": "model", "parts": [{"text": text}]}
        if word:
            candidate["finishReason"] = word
        return {
            "candidates": [candidate], "usageMetadata": counts, "modelVersion": MODELS["gemini"], "responseId": "gen_1"
        }  # fmt: skip

    word = WORDS["gemini"][facts.end]
    if not stream:
        return Served(piece(facts.text, word, usage))
    early = {key: value for key, value in usage.items() if key != "candidatesTokenCount"}
    parts = halves(facts.text)
    pieces = [piece(part, None, early) for part in parts[:-1]]
    return Served(events=sse(*pieces, piece(parts[-1] if parts else "", word, usage)))


def texts_of(events: Sequence[bytes]) -> str:
    """All of a stream as text."""
    return b"".join(events).decode()
