"""Gemini through its SDK, with the SDK's own continuation switched off: it would send, and bill, further requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.sending import GO_ON, Sending


def open_adapter(sdk: Any, key: Key, url: str, timeout_s: float) -> GeminiAdapter:
    """Open the client; one attempt a request, so that each attempt is an event."""
    options = {
        "timeout": int(timeout_s * 1000),
        "retry_options": {"attempts": 1},
        **({"base_url": url} if url else {}),
    }
    log = logging.getLogger("google_genai._api_client")
    before, log.disabled = log.disabled, True
    try:
        # It would say on stderr which of two variables it takes the key from, although it is given one.
        return GeminiAdapter(sdk.Client(api_key=key.reveal(), vertexai=False, http_options=options))
    finally:
        log.disabled = before


class GeminiAdapter:
    """Sends through a ``google.genai.Client``."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.request_id = ""
        """Gemini names answers, not requests."""

    def pieces(self, sending: Sending) -> Iterator[object]:
        """Send; give the pieces of the stream, or one whole answer."""
        asked = {"model": sending.model, "contents": _contents(sending), "config": _config(sending)}
        if not sending.stream:
            yield self._client.models.generate_content(**asked)
            return
        yield from self._client.models.generate_content_stream(**asked)

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def _contents(sending: Sending) -> list[dict[str, Any]]:
    turns = [("user", sending.prompt)]
    if sending.begun and sending.continuation_token is None:
        turns += [("model", sending.begun), ("user", GO_ON)]
    return [{"role": role, "parts": [{"text": words}]} for role, words in turns]


def _config(sending: Sending) -> dict[str, Any]:
    config: dict[str, Any] = {sending.wire.parameter: sending.ceiling_tokens, "automatic_continuation": False}
    if sending.continuation_token is not None:
        config["continuation_token"] = sending.continuation_token
    if sending.system:
        config["system_instruction"] = sending.system
    if sending.effort:
        config["thinking_config"] = {"thinking_level": sending.effort}
    if sending.thinking_tokens is not None:
        config["thinking_config"] = {"thinking_budget": sending.thinking_tokens}
    return config
