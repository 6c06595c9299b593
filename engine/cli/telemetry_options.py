"""Options that pick recorded calls."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.telemetry.filters import EventFilter
from engine.telemetry.since import read_moment
from engine.telemetry.words import Outcome

F = TypeVar("F", bound=Callable[..., Any])
_NAMES = ("since", "until", "provider", "call_model", "category", "complexity", "outcome")


def filter_options(command: F) -> F:
    """``--since``, ``--until``, ``--provider``, ``--model``, ``--category``, ``--complexity``, ``--outcome``."""
    outcomes = click.Choice([outcome.value for outcome in Outcome])
    for decorate in (
        click.option("--outcome", multiple=True, type=outcomes, help="Only calls that ended so; repeatable."),
        click.option("--complexity", multiple=True, metavar="LEVEL", help="Only calls of it; repeatable."),
        click.option("--category", multiple=True, metavar="NAME", help="Only calls of this kind of work; repeatable."),
        click.option("--model", "-m", "call_model", multiple=True, metavar="ID", help="Only this model; repeatable."),
        click.option("--provider", multiple=True, metavar="NAME", help="Only calls to it; repeatable."),
        click.option("--until", metavar="WHEN", help="Only calls before this moment."),
        click.option("--since", metavar="WHEN", help="Only calls from 2026-11-20, 2026-11-20T12:00, 7d or 24h ago on."),
    ):
        command = decorate(command)
    return command


def take_filter(words: dict[str, Any]) -> EventFilter:
    """Take the options of ``filter_options`` out of the words of a command.

    Raises:
        UsageError: a moment is none.
    """
    since, until, provider, model, category, complexity, outcome = (words.pop(name) for name in _NAMES)
    now = datetime.datetime.now(datetime.UTC)
    return EventFilter(
        since=None if since is None else read_moment(since, now),
        until=None if until is None else read_moment(until, now),
        providers=provider,
        models=model,
        categories=category,
        complexities=complexity,
        outcomes=tuple(map(Outcome, outcome)),
    )
