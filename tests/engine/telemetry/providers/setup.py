"""A call through a real SDK to a service on loopback, with a clock that only tests move."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from engine.budgets import Limits, Task, decide
from engine.events import Event as Told
from engine.events import IsCancelled, Warned, never
from engine.telemetry import Event, require_possible
from engine.telemetry.providers import Adapter, Caller, Clock, Key, Plan, Sending, adapter_for, service_of, wire_of
from tests.engine.telemetry.providers.server import Served, Service, serving
from tests.engine.telemetry.providers.shapes import MODELS

KINDS = ("openai", "chat", "anthropic", "gemini")
"""The interfaces; two of them are OpenAI's."""
SECRET = "sk-planted-0123456789abcdefghijklmnopqrstuv"
START = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class StillClock(Clock):
    """Time passes only by sleeping, and sleeping takes none."""

    slept: list[float] = field(default_factory=list)
    woken: Callable[[], None] = lambda: None

    def now(self) -> datetime.datetime:
        return START + datetime.timedelta(seconds=sum(self.slept))

    def monotonic_s(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.woken()

    def jitter(self) -> float:
        return 0.0

    @property
    def slept_s(self) -> float:
        return round(sum(self.slept), 6)


@dataclass
class Kept:
    """A writer that takes only what can be true."""

    events: list[Event] = field(default_factory=list)

    def record(self, event: Event) -> None:
        self.events.append(require_possible(event))


@dataclass
class Line:
    """A caller on a service."""

    kind: str
    service: Service
    caller: Caller
    adapter: Adapter
    clock: StillClock
    kept: Kept
    warned: list[str]
    plan: Plan

    @property
    def events(self) -> list[Event]:
        return self.kept.events

    @property
    def event(self) -> Event:
        assert len(self.events) == 1, self.events
        return self.events[0]


def provider_of(kind: str) -> str:
    return "openai" if kind == "chat" else kind


def plan_for(kind: str, task: Task | None = None, *, sending: dict[str, Any] | None = None, **plan: Any) -> Plan:
    """A plan as the facade makes it."""
    provider, model = provider_of(kind), MODELS[kind]
    limits = plan.pop("limits", None) or Limits(
        provider=provider, model=model, max_output_tokens=64_000, window_tokens=400_000, used_tokens=1_000
    )
    decision = decide(task or Task(category="docs", complexity="low"), limits)
    sent = Sending(
        model=model,
        wire=wire_of(provider, model, "chat" if kind == "chat" else ""),
        prompt="Describe how orders are totalled.",
        ceiling_tokens=decision.actual_max_tokens,
    )
    return Plan(decision=decision, limits=limits, sending=replace(sent, **(sending or {})), **plan)


@contextmanager
def line(
    kind: str,
    *answers: Served,
    plan: Plan | None = None,
    cancelled: IsCancelled = never,
    timeout_s: float = 20.0,
    key: str = SECRET,
    clock: StillClock | None = None,
    there: bool = True,
) -> Iterator[Line]:
    """Open a line through the real SDK; ``there`` is whether the service is."""
    warned: list[str] = []

    def emit(told: Told) -> None:
        if isinstance(told, Warned):
            warned.append(told.message)

    clock, kept = clock or StillClock(), Kept()
    with serving(answers) as service:
        secret = Key(key, "test")
        base = service.url if there else "http://127.0.0.1:9"
        url = base + ("/v1" if provider_of(kind) == "openai" else "")
        adapter = adapter_for(service_of(provider_of(kind)), secret, url, timeout_s)
        caller = Caller(adapter, secret, kept, clock=clock, emit=emit, cancelled=cancelled)
        with caller:
            yield Line(kind, service, caller, adapter, clock, kept, warned, plan or plan_for(kind))
