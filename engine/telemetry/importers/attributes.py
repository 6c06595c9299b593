"""One call from the attributes of a span or event: OpenTelemetry's GenAI names, old and new, and OpenInference's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from engine.telemetry.event import Event
from engine.telemetry.importers.bad_line import Unusable
from engine.telemetry.importers.replies import ceiling_of
from engine.telemetry.importers.usage import settle
from engine.telemetry.importers.values import digest, first_count, first_word, key, mapping, word
from engine.telemetry.importers.words import finish_of, provider_of, truncated_by
from engine.telemetry.words import CeilingSource, Finish

_CALLS = frozenset(
    {"", "chat", "text_completion", "generate_content", "completion", "generate", "messages", "responses"}
)
"""Operations that are one call. Spans of agents repeat the tokens of the calls inside them."""
_KINDS = frozenset({"", "LLM"})
_OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
)
_INPUT = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
)
_REASONING = (
    "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "gen_ai.usage.output_tokens.reasoning",
    "llm.token_count.completion_details.reasoning",
)  # fmt: skip
_CACHED = (
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.input_tokens.cached",
    "llm.token_count.prompt_details.cache_read",
)  # fmt: skip
_WRITTEN = (
    "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens", "llm.token_count.prompt_details.cache_write",
)  # fmt: skip
_TOTAL = ("llm.token_count.total", "gen_ai.usage.total_tokens", "llm.usage.total_tokens")
_CEILING = ("gen_ai.request.max_tokens", "gen_ai.request.max_output_tokens", "llm.request.max_tokens")
_MODEL = ("gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "llm.request.model")
_PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
_SESSION = ("gen_ai.conversation.id", "session.id")
_EFFORT = (
    "gen_ai.request.reasoning.level",
    "gen_ai.request.reasoning_effort",
    "gen_ai.openai.request.reasoning_effort",
)
_TIMED_OUT = "no usable time"


def is_call(found: Mapping[str, object]) -> bool:
    """Whether attributes say how many tokens one call of a model took, or that it failed."""
    if first_word(found, "gen_ai.operation.name").casefold() not in _CALLS:
        return False
    if first_word(found, "openinference.span.kind").upper() not in _KINDS:
        return False
    named = any(name in found for name in _MODEL)
    return any(name in found for name in (*_OUTPUT, *_INPUT)) or (named and "error.type" in found)


def event_of(
    found: Mapping[str, object],
    source: str,
    happened: datetime.datetime | None,
    *,
    place: str,
    duration_s: float | None = None,
    failed: bool = False,
) -> Event:
    """Return the event of a call.

    Args:
        found: Attributes, plain values by their dotted names.
        source: Program that wrote the log.
        happened: When the call began.
        place: Id of the span, for calls without a response id.
        duration_s: How long it took.
        failed: The span says that it ended in an error.

    Raises:
        Unusable: there is no time or no output.
    """
    if happened is None:
        raise Unusable(_TIMED_OUT)
    failed = failed or bool(found.get("error.type"))
    usage = settle(
        prompt=first_count(found, *_INPUT),
        output=first_count(found, *_OUTPUT),
        cached=first_count(found, *_CACHED),
        cache_write=first_count(found, *_WRITTEN),
        reasoning=first_count(found, *_REASONING),
        total=first_count(found, *_TOTAL),
    )
    if usage.output is None and not failed:
        raise Unusable("no count of output tokens")
    raw, finish = _ending(found)
    ceiling = first_count(found, *_CEILING) or ceiling_of(mapping(found.get("llm.invocation_parameters")))
    response, model = key(found.get("gen_ai.response.id")), first_word(found, *_MODEL)
    return Event(
        timestamp=happened,
        source=source,
        dedupe_key=response or place or digest(happened, model, usage.prompt, usage.output),
        provider=provider_of(first_word(found, *_PROVIDER), model),
        model=model,
        category=first_word(found, "packsight.category"),
        complexity=first_word(found, "packsight.complexity"),
        mode=first_word(found, "packsight.mode"),
        effort=first_word(found, *_EFFORT),
        predicted_output_tokens=first_count(found, "packsight.predicted_output_tokens"),
        selected_budget=first_count(found, "packsight.selected_budget"),
        actual_max_tokens=ceiling,
        ceiling_source=CeilingSource.UNKNOWN if ceiling is None else CeilingSource.IMPORTED,
        actual_output_tokens=usage.output,
        reasoning_tokens=usage.reasoning,
        prompt_tokens=usage.prompt,
        cached_tokens=usage.cached,
        cache_write_tokens=usage.cache_write,
        success=not (failed and not usage.output),
        truncated=truncated_by(finish),
        finish=Finish.ERROR if failed and finish is Finish.UNKNOWN else finish,
        stop_reason=raw,
        session_id=first_word(found, *_SESSION),
        response_id=word(found.get("gen_ai.response.id")),
        duration_s=duration_s,
    )


def _ending(found: Mapping[str, object]) -> tuple[str, Finish]:
    """Of several answers to one request, one that was cut off speaks for all."""
    reasons = found.get("gen_ai.response.finish_reasons", found.get("llm.finish_reason"))
    if isinstance(reasons, str) and reasons[:1] == "[":
        reasons = reasons.strip("[]").replace('"', "").split(",")
    raws = [word(reason).strip() for reason in (reasons if isinstance(reasons, list) else [reasons])]
    for raw in raws:
        if truncated_by(finish_of(raw)):
            return raw, finish_of(raw)
    raw = next(filter(None, raws), "")
    return raw, finish_of(raw)
