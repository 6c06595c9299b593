"""What came back from one attempt, in the same words for every provider."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.telemetry.providers.rules import ending_of
from engine.telemetry.words import Finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one attempt, None where the provider does not say. Parts are contained in their wholes."""

    prompt_tokens: int | None = None
    """All input, cached tokens included."""
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    """All billed output, reasoning included."""
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, whole or as far as it came."""

    text: str = ""
    """Visible text; never recorded."""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = Finish.UNKNOWN
    stop_reason: str = ""
    """The provider's own word."""
    truncated: bool | None = None
    complete: bool = True
    """Whether it tells how long such an answer is."""
    usable: bool = True
    """Whether it is an answer at all."""
    model: str = ""
    """Model that says it answered."""
    request_id: str = ""
    response_id: str = ""
    continuation_token: bytes | None = None
    """Gemini's own way to go on."""


def ended(word: str, **known: object) -> Reply:
    """Make a reply that ended with a provider's word."""
    ending = ending_of(word)
    return Reply(
        finish=ending.finish,
        stop_reason=word,
        truncated=ending.truncated,
        complete=ending.complete,
        usable=ending.usable,
        **known,  # type: ignore[arg-type]
    )


def judged(reply: Reply, ceiling_tokens: int | None) -> Reply:
    """See a limit that was hit although the word for the end does not say so: all of it spent, and nothing to read.

    An answer that was cut off before any text is no answer, whatever the word was.
    """
    if reply.text or reply.finish not in (Finish.LENGTH, Finish.STOP, Finish.UNKNOWN):
        return reply
    if reply.finish is Finish.LENGTH:
        return replace(reply, usable=False)
    spent = reply.usage.output_tokens
    if spent is None or ceiling_tokens is None or spent < ceiling_tokens:
        return reply
    return replace(reply, finish=Finish.LENGTH, truncated=True, complete=True, usable=False)
