"""Why an attempt failed, in the same words for every SDK; what it raised is read, never shown or kept.

Exceptions of the SDKs hold the request with its headers, and so the key. They are told apart by what they carry, so
that nothing has to be imported to name them.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import PacksightError
from engine.telemetry.providers.fields import get, number, text
from engine.telemetry.providers.keys import Key, redacted
from engine.telemetry.providers.rules import rules
from engine.telemetry.providers.waits import asked_wait_s

_WORD = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST_WORD = 60


class FailureKind(StrEnum):
    """What kind of failure; the value is the stop reason where the provider has no word of its own."""

    REFUSED = "request_refused"
    """The service understood and declined: bad request, wrong key, unknown model."""
    LIMITED = "rate_limited"
    SERVICE = "service_failed"
    TIMEOUT = "timeout"
    CONNECTION = "connection_failed"
    DISCONNECTED = "disconnected"
    """The connection was lost while the answer came."""
    MALFORMED = "malformed_answer"
    CANCELLED = "cancelled"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed attempt."""

    kind: FailureKind
    message: str
    """One line, without keys."""
    status: int | None = None
    """HTTP status, None when there was no answer."""
    word: str = ""
    """The provider's own word for it."""
    may_retry: bool = False
    asked_wait_s: float | None = None
    """Seconds the service asks to wait; None when it does not say."""
    request_id: str = ""


class CallFailed(PacksightError):
    """A call gave no answer. Its attempts are recorded."""

    def __init__(self, message: str, hint: str, failure: Failure | None = None) -> None:
        super().__init__(message, hint)
        self.failure = failure
        """The last one; None when an answer came that is none."""


def read_failure(error: BaseException, key: Key | None, began: bool, now: datetime.datetime) -> Failure:
    """Read what an SDK raised.

    Args:
        error: What was raised.
        key: Key of the call, to be hidden in messages.
        began: Whether a part of the answer had come.
        now: The moment, for waits that are given as one.
    """
    body = get(error, "body") if get(error, "body") is not None else get(error, "details")
    inner = get(body, "error") if get(body, "error") is not None else body
    said = next((text(inner, name) for name in ("code", "type", "status") if text(inner, name)), "")
    word = _WORD.sub("_", redacted(said, key))[:_LONGEST_WORD]
    message = redacted(text(inner, "message") or text(error, "message") or str(error) or type(error).__name__, key)
    status = _status(error, inner)
    if status is None:
        kind = _kind(error, began)
        retry = kind in (FailureKind.TIMEOUT, FailureKind.CONNECTION, FailureKind.DISCONNECTED)
        return Failure(kind=kind, message=message, word=word, may_retry=retry)
    headers = _headers(error)
    rule = rules()["retry"]
    retry = status in rule["statuses"] and not {word, text(inner, "type")} & set(rule["never"])
    retry = {"true": True, "false": False}.get(headers.get("x-should-retry", ""), retry)
    kind = FailureKind.LIMITED if status == 429 else FailureKind.SERVICE if status >= 500 else FailureKind.REFUSED
    return Failure(
        kind=kind,
        message=message,
        status=status,
        word=word,
        may_retry=retry,
        asked_wait_s=asked_wait_s(headers, body, now),
        request_id=headers.get("x-request-id", "") or headers.get("request-id", ""),
    )


def _status(error: BaseException, inner: object) -> int | None:
    """The HTTP status; an error inside a stream that began with 200 has only words."""
    words = [text(inner, name) for name in ("type", "code")]
    known = [rules()["retry"]["words"][word] for word in words if word in rules()["retry"]["words"]]
    status = number(error, "status_code")
    if status is None:
        status = number(error, "code")
    if status is not None and status >= 400:
        return status
    if known:
        return int(known[0])
    code = number(inner, "code")
    return code if code is not None and 400 <= code < 600 else None


def _headers(error: BaseException) -> Mapping[str, str]:
    found = get(error, "response", "headers")
    items = getattr(found, "items", None)
    return {str(name).lower(): str(value) for name, value in items()} if callable(items) else {}


def _kind(error: BaseException, began: bool) -> FailureKind:
    names = {one.__name__ for one in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return FailureKind.TIMEOUT
    if names & {"APIResponseValidationError", "UnknownApiResponseError", "ValidationError"} or isinstance(
        error, json.JSONDecodeError | UnicodeDecodeError
    ):
        return FailureKind.MALFORMED
    if names & {"APIConnectionError", "TransportError", "StreamError", "ConnectionError"}:
        return FailureKind.DISCONNECTED if began else FailureKind.CONNECTION
    return FailureKind.UNEXPECTED
