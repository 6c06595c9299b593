"""What one attempt sends, in the same words for every provider, and what an adapter over an SDK has to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from engine.errors import InputError, UsageError
from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.rules import Service, Wire, service_of

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
CONNECT_S = 10.0
"""Longest time to reach a service; one that is not there is noticed sooner than one that thinks."""
GO_ON = "Go on exactly where your answer stopped. Do not repeat any of it and do not comment on the interruption."
"""Asked for when the beginning of an answer cannot be given back as the model's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One attempt. Nothing of this is recorded but the counts."""

    model: str
    wire: Wire
    prompt: str
    ceiling_tokens: int
    """Output tokens the provider is told, reasoning included: all three count it."""
    system: str = ""
    begun: str = ""
    """Answer so far, when a truncated one is to be continued; without blanks at its end, which a service refuses."""
    continuation_token: bytes | None = None
    effort: str = ""
    thinking_tokens: int | None = None
    """Most that the model may think, within the ceiling."""
    stream: bool = True


class Adapter(Protocol):
    """A thin layer over an SDK: right parameters, no retries, no continuation of its own."""

    request_id: str
    """Of the attempt at hand, once the service has answered."""

    def pieces(self, sending: Sending) -> Iterator[object]:
        """Send, and give what comes: events of a stream, or one whole answer. Raises whatever the SDK raises."""
        ...

    def close(self) -> None:
        """Close connections."""
        ...


def check_sending(sending: Sending) -> None:
    """Refuse what no service would take.

    Raises:
        UsageError: an effort there is none of, or one the model does not take; a thinking budget that leaves nothing.
    """
    wire, thinking = sending.wire, sending.thinking_tokens
    if sending.effort and sending.effort not in EFFORTS:
        raise UsageError(f"there is no effort '{sending.effort[:40]}'", f"efforts: {', '.join(EFFORTS)}")
    if sending.effort and not wire.effort:
        raise UsageError(f"{sending.model} takes no reasoning effort", "leave it out, or choose a reasoning model")
    if thinking is None:
        return
    if not service_of(wire.provider).takes_thinking:
        raise UsageError(f"{wire.provider} takes no thinking budget", "use a reasoning effort instead: --effort low")
    if not 0 <= thinking < sending.ceiling_tokens:
        raise UsageError(
            f"a thinking budget of {thinking:,} tokens leaves nothing of the ceiling of {sending.ceiling_tokens:,}",
            "thinking counts as output; think less, or allow more: --complexity high",
        )


def load_sdk(service: Service) -> Any:
    """Import the official SDK of a provider.

    Raises:
        InputError: it is not installed.
    """
    try:
        return import_module(service.sdk)
    except ImportError:
        missing = InputError(f"{service.name}'s SDK is not installed", f"pip install 'packsight[{service.extra}]'")
    raise missing


def adapter_for(service: Service, key: Key, url: str, timeout_s: float) -> Adapter:
    """Make the adapter of a provider.

    Args:
        service: The provider.
        key: Its key.
        url: Where it is instead of the usual place, ``""`` for there.
        timeout_s: Longest time without a sign of life.

    Raises:
        InputError: the SDK is not installed, or the place makes no sense.
    """
    module = import_module(f"engine.telemetry.providers.{service.name}_adapter")
    adapter: Adapter = module.open_adapter(load_sdk(service), key, url, timeout_s)
    return adapter
