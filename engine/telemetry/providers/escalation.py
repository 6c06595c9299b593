"""More room for a second try: once a call, from the highest evidence of how much is needed, and never above a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.budgets import Decision, Limits, Step
from engine.budgets.ceiling import ceiling_steps
from engine.budgets.labels import category_of, provider_of
from engine.budgets.modes import Mode
from engine.telemetry.providers.reply import Reply
from engine.telemetry.providers.rules import rules
from engine.telemetry.words import Finish

_NO_MODE = Mode("", "", False, "limits only", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A raised ceiling and what it rests on; these are columns of the event of the next attempt."""

    reason: str
    """``truncation``, or ``utilization`` for an answer that used nearly all of its room and was no use."""
    base_tokens: int
    base_source: str
    """Column of the event that the base is from."""
    factor: float
    ceiling_tokens: int
    step: Step


def escalate(
    decision: Decision, limits: Limits, ceiling_tokens: int, reply: Reply, *, useless: bool = False
) -> Escalation | None:
    """Return the ceiling of a second try, None when there is no reason for one or a limit leaves it no more room.

    Args:
        decision: What the call was allowed.
        limits: What no ceiling may exceed.
        ceiling_tokens: What was sent.
        reply: What came back.
        useless: The caller could not use the answer, complete as it may look.
    """
    spent = reply.usage.output_tokens
    used = spent is not None and spent >= rules()["escalation"]["utilization"] * ceiling_tokens
    if reply.finish is Finish.LENGTH:
        reason = "truncation"
    elif useless and used and reply.finish is Finish.STOP:
        reason = "utilization"
    else:
        return None
    evidence = {
        "actual_max_tokens": ceiling_tokens,
        "selected_budget": decision.selected_budget,
        "actual_output_tokens": spent or 0,
    }
    source = max(evidence, key=evidence.__getitem__)
    base, factor = evidence[source], float(rules()["escalation"]["factor"])
    wanted = math.floor(base * factor)
    provider = provider_of(decision.provider)
    capped = ceiling_steps(wanted, category_of(decision.category), _NO_MODE, provider, limits)[-1].after
    assert capped is not None
    if capped <= ceiling_tokens:
        return None
    limited = f", limited to {capped:,}" if capped < wanted else ""
    step = Step("escalation", ceiling_tokens, capped, f"{reason}: {source} {base:,} × {factor:g}{limited}")
    return Escalation(
        reason=reason, base_tokens=base, base_source=source, factor=factor, ceiling_tokens=capped, step=step
    )
