"""The two things about a request and its reply that loggers leave in the provider's own shape: ceiling and ending."""

from __future__ import annotations

from collections.abc import Mapping

from engine.telemetry.importers.values import first_count, first_word, mapping

_CEILINGS = (
    "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens", "maxCompletionTokens",
    "max_tokens_to_sample", "max_new_tokens",
)  # fmt: skip
_NESTED = ("generationConfig", "generation_config", "config", "inferenceConfig")
_ENDINGS = ("finish_reason", "stop_reason", "finishReason", "stopReason")


def ceiling_of(request: Mapping[str, object]) -> int | None:
    """Return the output tokens that a request allowed, whatever its provider calls them; None when it sets no limit."""
    for part in (request, *(mapping(request.get(name)) for name in _NESTED)):
        found = first_count(part, *_CEILINGS)
        if found is not None and found > 0:
            return found
    return None


def ending_of(reply: Mapping[str, object]) -> str:
    """Return a reply's own word for why it ended, in the shape of any of the providers; ``""`` when it has none."""
    found = first_word(reply, *_ENDINGS)
    if found:
        return found
    for name in ("choices", "candidates"):
        options = reply.get(name)
        if isinstance(options, list) and options and isinstance(options[0], dict):
            found = first_word(options[0], *_ENDINGS)
            if found:
                return found
    reason = first_word(mapping(reply.get("incomplete_details")), "reason")
    if reason:
        return reason
    status = first_word(reply, "status")
    return status if status in ("completed", "failed") else ""
