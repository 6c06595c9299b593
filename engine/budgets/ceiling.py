"""From the intent to the number on the wire: raises, floor and P4 go up, then the limits have the last word."""

from __future__ import annotations

from engine.budgets.floor import conditional_floor
from engine.budgets.modes import Mode
from engine.budgets.tables import Category, Provider, limits
from engine.budgets.task import Limits
from engine.budgets.trace import Step
from engine.errors import InputError, UsageError


def ceiling_steps(
    selected_tokens: int, category: Category, mode: Mode, provider: Provider, allowed: Limits
) -> tuple[Step, ...]:
    """Return the steps to ``actual_max_tokens``, which is what the last one gives.

    Raises:
        UsageError: a limit is no positive number.
        InputError: the prompt leaves no room in the window.
    """
    steps = [Step("intent", selected_tokens, selected_tokens, "what is wanted; from here on, what is sent")]

    def add(step: Step) -> None:
        steps.append(step)

    def now() -> int:
        after = steps[-1].after
        assert after is not None
        return after

    for rule in mode.rules:
        if rule.holds and rule.raise_to_tokens:
            add(conditional_floor(rule.rule, now(), rule.raise_to_tokens, category, selected_tokens, rule.why))
    floor = provider.floor_tokens if mode.needs_floor else 0
    why = f"{provider.name} in mode {mode.name}: {mode.why}" if floor else _no_floor(mode)
    add(conditional_floor("conditional_floor", now(), floor, category, selected_tokens, why))
    add(Step("p4", now(), max(now(), selected_tokens), "the ceiling is never below the intent"))
    for name, limit, shown in _limits(provider, allowed):
        if limit is None:
            add(Step(name, now(), now(), shown))
        else:
            add(Step(name, now(), min(now(), limit), f"{shown} {limit:,}"))
    return tuple(steps)


def _limits(provider: Provider, allowed: Limits) -> list[tuple[str, int | None, str]]:
    cap = allowed.hard_cap_tokens
    if cap is not None and cap < 1:
        raise UsageError(f"hard cap {cap} allows no output", "write a number of tokens above 0")
    if allowed.used_tokens < 0:
        raise UsageError(f"{allowed.used_tokens} tokens of context cannot be used", "write a number of at least 0")
    longest = allowed.max_output_tokens
    unknown = longest is None
    if unknown:
        longest = limits()["default_limit"]
        shown = f"{allowed.model or 'the model'} is not known, so it is taken to write at most"
    else:
        shown = f"{allowed.model} writes at most"
    found: list[tuple[str, int | None, str]] = [
        ("hard_cap", cap, "the caller's limit is" if cap is not None else "the caller set none"),
        ("model_output_limit", longest, shown),
        ("window_room", *_room(allowed)),
    ]
    if not allowed.streaming and provider.unstreamed_limit_tokens is not None:
        found.append(("unstreamed_limit", provider.unstreamed_limit_tokens, "without streaming, its SDK takes at most"))
    return found


def _room(allowed: Limits) -> tuple[int | None, str]:
    if allowed.window_tokens is None:
        return None, "the window is not known"
    room = allowed.window_tokens - allowed.used_tokens
    if room < 1:
        raise InputError(
            f"{allowed.used_tokens:,} tokens of context leave no room for an answer in the window of "
            f"{allowed.window_tokens:,}",
            "send less, or choose a model with a larger window",
        )
    return room, f"{allowed.used_tokens:,} of the window's {allowed.window_tokens:,} are used, which leaves"


def _no_floor(mode: Mode) -> str:
    return f"mode {mode.name} needs none" if mode.name else "no mode that needs one"
