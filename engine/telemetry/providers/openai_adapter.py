"""OpenAI through its SDK: the Responses interface for models that have it, chat completions for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.telemetry.providers.fields import text
from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.sending import CONNECT_S, GO_ON, Sending


def open_adapter(sdk: Any, key: Key, url: str, timeout_s: float) -> OpenAIAdapter:
    """Open the client. Retries are ours, so that each attempt is an event."""
    return OpenAIAdapter(
        sdk.OpenAI(
            api_key=key.reveal(),
            base_url=url or None,
            timeout=sdk.Timeout(timeout_s, connect=min(timeout_s, CONNECT_S)),
            max_retries=0,
        )
    )


class OpenAIAdapter:
    """Sends through an ``openai.OpenAI``."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.request_id = ""

    def pieces(self, sending: Sending) -> Iterator[object]:
        """Send; give the events of the stream, or one whole answer."""
        self.request_id = ""
        create = (
            self._client.responses.create if sending.wire.api == "responses" else self._client.chat.completions.create
        )
        answer = create(**(_response(sending) if sending.wire.api == "responses" else _chat(sending)))
        if not sending.stream:
            self.request_id = text(answer, "_request_id")
            yield answer
            return
        with answer:
            self.request_id = answer.response.headers.get("x-request-id", "")
            yield from answer

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def _turns(sending: Sending) -> list[dict[str, str]]:
    turns = [{"role": "user", "content": sending.prompt}]
    if sending.begun:
        turns += [{"role": "assistant", "content": sending.begun}, {"role": "user", "content": GO_ON}]
    return turns


def _response(sending: Sending) -> dict[str, Any]:
    # Nothing is kept by the service beyond the call.
    asked: dict[str, Any] = {"model": sending.model, "input": _turns(sending), "stream": sending.stream, "store": False}
    asked[sending.wire.parameter] = sending.ceiling_tokens
    if sending.system:
        asked["instructions"] = sending.system
    if sending.effort:
        asked["reasoning"] = {"effort": sending.effort}
    return asked


def _chat(sending: Sending) -> dict[str, Any]:
    system = [{"role": "system", "content": sending.system}] if sending.system else []
    asked: dict[str, Any] = {"model": sending.model, "messages": system + _turns(sending), "stream": sending.stream}
    asked[sending.wire.parameter] = sending.ceiling_tokens
    if sending.stream:
        # A stream holds no counts unless asked.
        asked["stream_options"] = {"include_usage": True}
    if sending.effort:
        asked["reasoning_effort"] = sending.effort
    return asked
