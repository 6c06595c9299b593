"""For people who make the call themselves: the decision before it, the event after it, and nothing in between."""

from __future__ import annotations

import uuid
from dataclasses import replace
from types import TracebackType
from typing import Any

from engine.budgets import Decision, Limits, Step
from engine.events import Emit, ignore
from engine.model import Model
from engine.telemetry.event import Event
from engine.telemetry.providers.anthropic_adapter import must_stream
from engine.telemetry.providers.clock import Clock
from engine.telemetry.providers.escalation import Escalation, escalate
from engine.telemetry.providers.failure import Failure, FailureKind, read_failure
from engine.telemetry.providers.reading import read_reply
from engine.telemetry.providers.recording import Attempt, Labels, Recorder, event_of, record_safely
from engine.telemetry.providers.reply import Reply, judged
from engine.telemetry.providers.rules import wire_of


class OwnCall:
    """One attempt that somebody else makes; ``with`` measures its time and records it, whatever happens inside.

    ```python
    with inspector.call(request) as call:
        call.report(client.responses.create(model="gpt-5.5", input="…", **call.arguments()))
    if call.reply.truncated and (again := call.escalated()):
        with again as call:
            …
    ```
    """

    def __init__(
        self,
        decision: Decision,
        limits: Limits,
        recorder: Recorder | None = None,
        *,
        model: Model | None = None,
        labels: Labels | None = None,
        clock: Clock | None = None,
        emit: Emit = ignore,
    ) -> None:
        """Prepare; see ``Inspector.call``."""
        self.decision = decision
        self.limits = limits
        self.ceiling_tokens = decision.actual_max_tokens
        """Ceiling to send."""
        self.reply = Reply(complete=False)
        """What was reported."""
        self.event: Event | None = None
        """What was recorded, once the block is left."""
        self._recorder, self._model, self._labels = recorder, model, labels or Labels()
        self._clock, self._emit = clock or Clock(), emit
        self._call_id, self._number = uuid.uuid4().hex, 1
        self._escalation: Escalation | None = None
        self._reported = False
        self._began = self._clock.now()
        self._began_s = self._clock.monotonic_s()

    def arguments(self, api: str = "") -> dict[str, Any]:
        """Return the ceiling as keyword arguments of the SDK's method, under the name that the model takes.

        Args:
            api: ``chat`` for ``chat.completions.create``; by default ``responses.create`` where the model has it.

        Raises:
            UsageError: the provider has no such interface.
        """
        wire = wire_of(self.decision.provider, self.decision.model, api)
        if wire.provider == "gemini":
            return {"config": {wire.parameter: self.ceiling_tokens, "automatic_continuation": False}}
        stream = wire.provider == "anthropic" and must_stream(self.ceiling_tokens)
        return {wire.parameter: self.ceiling_tokens, **({"stream": True} if stream else {})}

    def report(self, response: object) -> Reply:
        """Take the response: the object of the SDK, its JSON, or a list of everything that a stream gave.

        Raises:
            UsageError: it is no response of the three SDKs.
        """
        self.reply = judged(read_reply(response), self.ceiling_tokens)
        self._reported = True
        return self.reply

    def escalated(self, *, useless: bool = False) -> OwnCall | None:
        """Return the next attempt, with more room; None when there is no reason for it, no room, or it was one.

        Args:
            useless: The answer could not be used, complete as it looks; counts when it spent nearly all its room.
        """
        if self._escalation is not None:
            return None
        more = escalate(self.decision, self.limits, self.ceiling_tokens, self.reply, useless=useless)
        if more is None:
            return None
        again = OwnCall(
            self.decision, self.limits, self._recorder, model=self._model, labels=self._labels, clock=self._clock,
            emit=self._emit,
        )  # fmt: skip
        again.ceiling_tokens, again._escalation = more.ceiling_tokens, more
        again._call_id, again._number = self._call_id, self._number + 1
        return again

    def __enter__(self) -> OwnCall:
        self._began, self._began_s = self._clock.now(), self._clock.monotonic_s()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failure = None if self._reported else self._failure(error)
        steps: tuple[Step, ...] = (self._escalation.step,) if self._escalation is not None else ()
        made = Attempt(
            call_id=self._call_id,
            number=self._number,
            began=self._began,
            duration_s=max(0.0, self._clock.monotonic_s() - self._began_s),
            ceiling_tokens=self.ceiling_tokens,
            escalation=self._escalation,
            steps=steps,
            labels=self._labels,
        )
        reply = self.reply if self._reported else replace(self.reply, usable=False)
        self.event = event_of(self.decision, made, reply, failure, self._model)
        record_safely(self._recorder, self.event, self._emit)

    def _failure(self, error: BaseException | None) -> Failure | None:
        if error is None:
            return Failure(kind=FailureKind.UNEXPECTED, message="nothing was reported", word="not_reported")
        if isinstance(error, Exception):
            return read_failure(error, None, False, self._clock.now())
        return Failure(kind=FailureKind.CANCELLED, message="cancelled")
