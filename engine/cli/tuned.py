"""Options about classes and paths: what to pin, bound, weigh and leave out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.request import Tuning
from engine.tuning import parse_max_level, parse_pin, parse_share, parse_weight

F = TypeVar("F", bound=Callable[..., Any])


def tuning_options(command: F) -> F:
    """``--pin``, ``--max-level``, ``--share``, ``--weight``, ``--omit``."""
    for decorate in (
        click.option(
            "--omit",
            "omits",
            multiple=True,
            metavar="GLOB",
            help="Scan matching files, but leave them out of the pack.",
        ),
        click.option(
            "--weight", "weights", multiple=True, metavar="CLASS=N", help="What a class is worth against the others."
        ),
        click.option(
            "--share", "shares", multiple=True, metavar="CLASS=MIN..MAX", help="Share of the budget for a class."
        ),
        click.option(
            "--max-level",
            "max_levels",
            multiple=True,
            metavar="CLASS=N",
            help="Never degrade a class below this level.",
        ),
        click.option("--pin", "pins", multiple=True, metavar="GLOB=LEVEL", help="Show matching files at this level."),
    ):
        command = decorate(command)
    return command


def tuning_of(
    pins: tuple[str, ...],
    max_levels: tuple[str, ...],
    shares: tuple[str, ...],
    weights: tuple[str, ...],
    omits: tuple[str, ...],
) -> Tuning:
    """What these options say.

    Raises:
        UsageError: one of them is written wrong.
    """
    return Tuning(
        pins=tuple(parse_pin(text) for text in pins),
        max_level=dict(parse_max_level(text) for text in max_levels),
        shares=dict(parse_share(text) for text in shares),
        weights=dict(parse_weight(text) for text in weights),
        excludes=omits,
    )
