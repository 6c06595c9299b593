"""From a request to a plan: the model, its limits, the room that the prompt leaves, the decision, and the adapter."""

from __future__ import annotations

import math
import os
from collections.abc import Callable

from engine.budgets import Limits, Task, Version, decide
from engine.budgets.labels import provider_name
from engine.config import Config
from engine.errors import InputError, UsageError
from engine.events import Emit, IsCancelled
from engine.model import Model
from engine.telemetry.providers import (
    ON_TRUNCATION,
    Caller,
    CallRequest,
    Labels,
    Plan,
    Recorder,
    Sending,
    adapter_for,
    find_key,
    service_of,
    wire_of,
)
from engine.telemetry.providers.sending import check_sending
from engine.usecases.estimate import choose_model, limits_of

_LONGEST_DESCRIPTION = 10_000
"""Characters of a prompt in which the words that tell special documents are looked for."""


def plan_call(
    request: CallRequest, prompt: str, config: Config, find: Callable[[str], Model], version: Version
) -> Plan:
    """Decide a call.

    Raises:
        InputError: the model is unknown and no provider is named, or the prompt leaves no room in the window.
        UsageError: a label, limit or way to call that makes no sense.
    """
    if request.on_truncation not in ON_TRUNCATION:
        raise UsageError(
            f"'{request.on_truncation[:40]}' says nothing about truncation", f"write {', '.join(ON_TRUNCATION)}"
        )
    model, limits = _limits(request, prompt, config, find)
    service = service_of(limits.provider)
    task = Task(
        category=request.category,
        complexity=request.complexity,
        deliverables=request.deliverables,
        description=(request.description or prompt)[:_LONGEST_DESCRIPTION],
        scope=request.scope,
        workspace=request.workspace,
        mode=request.mode,
    )
    decision = decide(task, limits, version)
    sending = Sending(
        model=limits.model,
        wire=wire_of(service.name, limits.model, request.api),
        prompt=prompt,
        ceiling_tokens=decision.actual_max_tokens,
        system=request.system,
        effort=request.effort,
        thinking_tokens=request.thinking_tokens,
        stream=request.stream,
    )
    check_sending(sending)
    labels = Labels(
        run_id=request.run_id,
        phase_id=request.phase_id,
        session_id=request.session_id,
        pack_key=request.pack_key,
        effort=request.effort,
    )
    return Plan(
        decision=decision,
        limits=limits,
        sending=sending,
        model=model,
        labels=labels,
        retries=request.retries,
        on_truncation=request.on_truncation,
        continuations=request.continuations,
    )


def open_caller(request: CallRequest, plan: Plan, recorder: Recorder, emit: Emit, cancelled: IsCancelled) -> Caller:
    """Find the key, load the SDK, and prepare to call.

    Raises:
        InputError: there is no key, or the SDK is not installed.
    """
    service = service_of(plan.decision.provider)
    key = find_key(service)
    adapter = adapter_for(service, key, url_of(service.url_variable), request.timeout_s)
    return Caller(adapter, key, recorder, emit=emit, cancelled=cancelled)


def url_of(variable: str) -> str:
    """Where a provider is instead of the usual place, as its SDK reads it."""
    return os.environ.get(variable, "").strip()


def _limits(
    request: CallRequest, prompt: str, config: Config, find: Callable[[str], Model]
) -> tuple[Model | None, Limits]:
    """The catalog's limits; none for a model that is in none, where a provider is named to serve it."""
    # Streaming is switched on where a long answer needs it, so that it never lowers a ceiling.
    try:
        model = choose_model(request.provider, config.settings["model"], find)
    except InputError:
        name = str(config["model"])
        if not request.provider:
            raise
        return None, Limits(
            provider=provider_name(request.provider), model=name, hard_cap_tokens=request.hard_cap_tokens
        )
    used = _count(model, request.system + prompt)
    return model, limits_of(
        model, request.provider, hard_cap_tokens=request.hard_cap_tokens, used_tokens=used, streaming=True
    )


def _count(model: Model, text: str) -> int:
    """Tokens of a prompt, at the upper end of what a count may be off."""
    if not text:
        return 0
    from engine.tokens import tokenizer

    return math.ceil(tokenizer(model.encoding).count(text) * (1 + max(0.0, model.error_band[1])))
