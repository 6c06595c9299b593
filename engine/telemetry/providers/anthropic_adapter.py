"""Anthropic through its SDK, streamed whenever the SDK would refuse to wait for the whole answer."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from engine.budgets.tables import providers
from engine.telemetry.providers.fields import text
from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.sending import CONNECT_S, GO_ON, Sending


def open_adapter(sdk: Any, key: Key, url: str, timeout_s: float) -> AnthropicAdapter:
    """Open the client. Retries are ours, so that each attempt is an event; an explicit key keeps it from looking for
    others on disk."""
    client = sdk.Anthropic(
        api_key=key.reveal(),
        base_url=url or None,
        timeout=sdk.Timeout(timeout_s, connect=min(timeout_s, CONNECT_S)),
        max_retries=0,
        open_telemetry=False,
    )
    return AnthropicAdapter(client)


class AnthropicAdapter:
    """Sends through an ``anthropic.Anthropic``."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.request_id = ""

    def pieces(self, sending: Sending) -> Iterator[object]:
        """Send; give the events of the stream, or one whole answer."""
        self.request_id = ""
        stream = sending.stream or must_stream(sending.ceiling_tokens)
        with warnings.catch_warnings():
            # The SDK warns of models that end soon; the catalog says so before a call.
            warnings.simplefilter("ignore")
            answer = self._client.messages.create(**_message(sending), stream=stream)
        if not stream:
            self.request_id = text(answer, "_request_id")
            yield answer
            return
        with answer:
            self.request_id = answer.response.headers.get("request-id", "")
            yield from answer

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def must_stream(ceiling_tokens: int) -> bool:
    """Whether the SDK takes a ceiling only with streaming, whatever the timeout: answers may take ten minutes."""
    limit = providers()["anthropic"].unstreamed_limit_tokens
    return limit is not None and ceiling_tokens > limit


def _message(sending: Sending) -> dict[str, Any]:
    turns = [{"role": "user", "content": sending.prompt}]
    if sending.begun and sending.wire.prefill and sending.thinking_tokens is None:
        turns.append({"role": "assistant", "content": sending.begun})
    elif sending.begun:
        turns += [{"role": "assistant", "content": sending.begun}, {"role": "user", "content": GO_ON}]
    asked: dict[str, Any] = {"model": sending.model, "messages": turns}
    asked[sending.wire.parameter] = sending.ceiling_tokens
    if sending.system:
        asked["system"] = sending.system
    if sending.effort:
        asked["output_config"] = {"effort": sending.effort}
    if sending.thinking_tokens is not None:
        enabled = {"type": "enabled", "budget_tokens": sending.thinking_tokens}
        asked["thinking"] = enabled if sending.thinking_tokens else {"type": "disabled"}
    return asked
