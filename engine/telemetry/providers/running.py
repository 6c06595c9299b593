"""One call on its way: attempts, retries, one escalation, continuations, and an event for each attempt."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from engine.budgets import Step
from engine.telemetry.event import Event
from engine.telemetry.providers.attempt import Say, Tried
from engine.telemetry.providers.caller import Answer, Caller, Plan
from engine.telemetry.providers.escalation import Escalation, escalate
from engine.telemetry.providers.failure import CallFailed, Failure
from engine.telemetry.providers.joint import Joint
from engine.telemetry.providers.recording import Attempt, event_of
from engine.telemetry.providers.reply import Reply
from engine.telemetry.providers.rules import rules
from engine.telemetry.providers.sending import Sending
from engine.telemetry.providers.waits import usual_wait_s
from engine.telemetry.words import Finish

_SMALLEST_PART = 16
"""Output tokens below which a rest is not asked for; OpenAI takes no smaller ceiling."""


class _Before(NamedTuple):
    """An answer that was cut off, while a better one is asked for."""

    reply: Reply
    text: str
    ceiling_tokens: int


class Run:
    """The state of a call between its attempts."""

    def __init__(self, caller: Caller, plan: Plan, say: Say | None, restart: Say | None) -> None:
        self._caller, self._plan = caller, plan
        self._say: Say = say or (lambda text: None)
        self._restart = restart if say is not None else (lambda why: None)
        self._call_id = uuid.uuid4().hex
        self._events: list[Event] = []
        self._text = ""
        self._kept = ""
        """Text of attempts before this one that stays."""
        self._escalation: Escalation | None = None
        self._parts = 0
        self._before: _Before | None = None

    def go(self) -> Answer:
        """Make the attempts; see ``Caller.run``."""
        sending = self._plan.sending
        while True:
            try:
                reply = self._patiently(sending)
            except CallFailed as failed:
                if self._before is None or not self._before.text:
                    raise
                return self._give_back(self._before, failed.message)
            text = self._text
            after = self._after_truncation(sending, reply) if reply.finish is Finish.LENGTH else None
            if after is None:
                return self._answer(reply, sending.ceiling_tokens)
            self._before = _Before(reply, text, sending.ceiling_tokens)
            sending = after

    def _answer(self, reply: Reply, ceiling_tokens: int) -> Answer:
        return Answer(
            text=self._text,
            reply=reply,
            decision=self._plan.decision,
            ceiling_tokens=ceiling_tokens,
            events=tuple(self._events),
        )

    def _give_back(self, before: _Before, why: str) -> Answer:
        """An answer that was cut off is paid for, and better than none."""
        self._caller.warn(f"{why}; what came before is kept")
        if not self._parts:
            self._start_over("back to the answer that was cut off")
            self._say(before.text)
            self._text = before.text
        return self._answer(before.reply, before.ceiling_tokens)

    def _after_truncation(self, sending: Sending, reply: Reply) -> Sending | None:
        """What to send next, None to leave it."""
        plan = self._plan
        if plan.on_truncation == "continue" and (self._text.strip() or reply.continuation_token):
            return self._rest(sending, reply)
        if plan.on_truncation == "stop" or self._escalation is not None or self._parts:
            return None
        more = escalate(plan.decision, plan.limits, sending.ceiling_tokens, reply)
        if more is None:
            self._caller.warn("the answer was cut off, and a limit leaves no more room")
            return None
        if not self._start_over(f"cut off at {sending.ceiling_tokens:,} tokens; again with {more.ceiling_tokens:,}"):
            return None
        self._escalation = more
        return replace(sending, ceiling_tokens=more.ceiling_tokens)

    def _rest(self, sending: Sending, reply: Reply) -> Sending | None:
        if self._parts >= self._plan.continuations:
            return None
        spent = sum(event.actual_output_tokens or 0 for event in self._events)
        limits = self._plan.limits
        window = None if limits.window_tokens is None else limits.window_tokens - limits.used_tokens - spent
        cap = None if limits.hard_cap_tokens is None else limits.hard_cap_tokens - spent
        ceiling = min(left for left in (sending.ceiling_tokens, window, cap) if left is not None)
        if ceiling < _SMALLEST_PART or ceiling <= (sending.thinking_tokens or 0):
            self._caller.warn("the answer was cut off, and a limit leaves no room for the rest")
            return None
        self._parts += 1
        self._kept = self._text
        begun = self._kept.rstrip()
        return replace(sending, begun=begun, ceiling_tokens=ceiling, continuation_token=reply.continuation_token)

    def _patiently(self, sending: Sending) -> Reply:
        """Send, and send again after failures that may pass."""
        plan, tries = self._plan, 0
        while True:
            tries += 1
            tried = self._once(sending)
            failure = tried.failure
            if failure is None:
                return tried.reply
            if tried.stop is not None:
                raise tried.stop
            wait_s = failure.asked_wait_s
            if wait_s is None:
                wait_s = usual_wait_s(tries, self._caller.clock.jitter())
            too_long = wait_s > rules()["retry"]["longest_asked_s"]
            if not failure.may_retry or tries > plan.retries or too_long or not self._start_over(failure.message):
                raise _failed(plan, failure, len(self._events))
            self._caller.warn(f"{plan.decision.provider}: {failure.message}; trying again in {wait_s:.1f} s")
            self._caller.wait(wait_s)

    def _start_over(self, why: str) -> bool:
        """Take back what was said since the text that stays; False when that cannot be done."""
        if self._text != self._kept:
            if self._restart is None:
                return False
            self._restart(why)
            if self._kept:
                self._say(self._kept)
        self._text = self._kept
        return True

    def _once(self, sending: Sending) -> Tried:
        clock, number = self._caller.clock, len(self._events) + 1
        joint = Joint(self._kept if sending.continuation_token is None else "")
        began, began_s = clock.now(), clock.monotonic_s()

        def say(piece: str) -> None:
            new = joint.feed(piece)
            self._text += new
            self._say(new)

        tried = self._caller.attempt(sending, say)
        made = Attempt(
            call_id=self._call_id,
            number=number,
            began=began,
            duration_s=max(0.0, clock.monotonic_s() - began_s),
            ceiling_tokens=sending.ceiling_tokens,
            escalation=self._escalation,
            steps=self._steps(sending),
            is_part=self._parts > 0,
            labels=self._plan.labels,
        )
        event = event_of(self._plan.decision, made, tried.reply, tried.failure, self._plan.model)
        self._events.append(event)
        self._caller.record(event)
        return tried

    def _steps(self, sending: Sending) -> tuple[Step, ...]:
        steps = [self._escalation.step] if self._escalation is not None else []
        if self._parts:
            before = self._plan.sending.ceiling_tokens
            steps.append(Step("continuation", before, sending.ceiling_tokens, f"part {self._parts + 1} of the answer"))
        return tuple(steps)


_HINTS: dict[int, Callable[[Plan], str]] = {
    401: lambda plan: "check the key: packsight reads it from the environment or a keyring",
    403: lambda plan: "the key may not use this model",
    404: lambda plan: f"does {plan.decision.provider} serve {plan.decision.model or 'this model'}? packsight models",
    413: lambda plan: "send less: a smaller --budget",
}


def _failed(plan: Plan, failure: Failure, attempts: int) -> CallFailed:
    status = f" ({failure.status})" if failure.status else ""
    tried = f" after {attempts} attempts" if attempts > 1 else ""
    hint = _HINTS[failure.status](plan) if failure.status in _HINTS else ""
    if failure.asked_wait_s is not None and failure.asked_wait_s > rules()["retry"]["longest_asked_s"]:
        hint = f"it asks to wait {failure.asked_wait_s:,.0f} s"
    return CallFailed(f"{plan.decision.provider}{status}{tried}: {failure.message}", hint, failure)
