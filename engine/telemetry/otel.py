"""Sending calls to an OpenTelemetry collector (OTLP over HTTP, protobuf) with the official SDK's exporters.

In: events, and the address that somebody named. Out: spans and measurements of the GenAI conventions, at that address
and nowhere else: no redirect is followed and no proxy of the environment is asked. Needs the extra ``otel``; nothing
here is imported unless an export is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.errors import InputError, UsageError
from engine.telemetry.event import Event

if TYPE_CHECKING:
    import requests

_LOGGER = "opentelemetry.exporter"
_WRITE = "write for instance http://127.0.0.1:4318"


class Signal(StrEnum):
    """What a collector receives; the values are the paths that OTLP names."""

    TRACES = "v1/traces"
    METRICS = "v1/metrics"


class Undelivered(InputError):
    """A collector did not take a batch, after the retries that OTLP allows."""


def collector_url(endpoint: str) -> str:
    """Return the base address of a collector, as it is stored and shown: no slash at the end.

    Raises:
        UsageError: it is no http address, or carries a password.
    """
    try:
        parts = urlsplit(endpoint.strip())
        port = parts.port
    except ValueError:
        raise UsageError(f"'{endpoint[:80]}' is no address of a collector", _WRITE) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or not endpoint.strip().isprintable():
        raise UsageError(f"'{endpoint[:80]}' is no address of a collector", _WRITE)
    if parts.username is not None or parts.password is not None:
        raise UsageError("the address of a collector must not hold a password", "set OTEL_EXPORTER_OTLP_HEADERS")
    if parts.query or parts.fragment:
        raise UsageError(f"the address '{endpoint[:80]}' has more than a path", _WRITE)
    base = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    for signal in Signal:
        base = base.removesuffix(f"/{signal.value}")
    return base


class Collector:
    """One collector. Batches are retried by the SDK within ``timeout_s``; after that they are the caller's again."""

    def __init__(self, endpoint: str, *, timeout_s: float = 10.0) -> None:
        """Prepare; nothing is sent.

        Args:
            endpoint: Base address; OTLP's paths are added.
            timeout_s: Longest time for a batch, retries included.

        Raises:
            UsageError: the address makes no sense.
            InputError: the extra is not installed.
        """
        self.url = collector_url(endpoint)
        self._timeout_s = timeout_s
        self._senders: dict[Signal, Callable[[Sequence[Event]], bool]] = {}
        self._session = self._open_session()

    def send(self, signal: Signal, events: Sequence[Event]) -> None:
        """Send a batch.

        Raises:
            Undelivered: the collector did not take it, or not all of it.
        """
        with _said() as said:
            if signal not in self._senders:
                self._senders[signal] = self._sender(signal)
            taken = self._senders[signal](events)
        if not taken:
            number = len(events)
            why = said[-1] if said else "it did not say why"
            raise Undelivered(
                f"the collector at {self.url} did not take {number:,} call{'' if number == 1 else 's'}: {why[:200]}",
                "nothing is lost: the next export begins with them",
            )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _open_session(self) -> requests.Session:
        try:
            import opentelemetry.exporter.otlp.proto.http
            import opentelemetry.sdk  # noqa: F401
            import requests
        except ModuleNotFoundError as error:
            raise InputError(
                f"sending to a collector needs {error.name}, which is not installed", "pip install 'packsight[otel]'"
            ) from error
        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0
        return session

    def _sender(self, signal: Signal) -> Callable[[Sequence[Event]], bool]:
        url = f"{self.url}/{signal.value}"
        if signal is Signal.TRACES:
            from engine.telemetry.otel_spans import span_sender

            return span_sender(url, self._session, self._timeout_s)
        from engine.telemetry.otel_metrics import metric_sender

        return metric_sender(url, self._session, self._timeout_s)


@contextmanager
def _said() -> Iterator[list[str]]:
    """Collect what the SDK would write to stderr: it tells why a batch failed in its log only."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(" ".join(record.getMessage().split()))

    logger, listener = logging.getLogger(_LOGGER), Listener(logging.WARNING)
    passes_on = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate = passes_on
