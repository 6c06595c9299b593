"""Options that change a pack: budget, format, reserve; what to pin, bound, weigh and leave out of classes and paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from engine.inspector import Inspector
from engine.request import Tuning
from engine.tuning import parse_max_level, parse_pin, parse_share, parse_weight

F = TypeVar("F", bound=Callable[..., Any])
_FORMATS = ("xml", "markdown", "json", "plain")
_SETTINGS = ("model", "budget", "format", "reserve", "profile", "db", "submodules")
"""Options that are settings of the same name."""
_LISTS = ("include", "exclude")
"""Options that are given several times; none at all leaves what is configured."""


def budget_option(command: F) -> F:
    """``--budget`` and its other name."""
    return click.option(
        "--budget", "-b", "--token-budget", "budget", metavar="N", help="Tokens: 32000, 32k, 1M or 40% of the window."
    )(command)


def format_option(command: F) -> F:
    """``--format``."""
    return click.option(
        "--format", "-f", "format", type=_Format(_FORMATS), help="By default xml for Claude, else markdown."
    )(command)


class _Format(click.Choice[str]):
    """Formats, those of plugins too: they are looked for when a word is none of packsight's own."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the name of a format."""
        if value in _FORMATS:
            return value
        with Inspector(use_cache=False) as inspector:
            return click.Choice(inspector.formats()).convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a format."""
        with Inspector(use_cache=False) as inspector:
            return click.Choice(inspector.formats()).shell_complete(ctx, param, incomplete)


def reserve_option(command: F) -> F:
    """``--reserve``."""
    return click.option("--reserve", metavar="N", help="Tokens of the window to keep free for the answer.")(command)


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


def flags_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that the options of a command say; None for one that was not given."""
    return {
        **{name: said[name] for name in _SETTINGS if name in said},
        **{name: list(said[name]) or None for name in _LISTS if name in said},
    }


def tuning_of(said: Mapping[str, Any]) -> Tuning:
    """What the options of ``tuning_options`` say.

    Raises:
        UsageError: one of them is written wrong.
    """
    return Tuning(
        pins=tuple(parse_pin(text) for text in said["pins"]),
        max_level=dict(parse_max_level(text) for text in said["max_levels"]),
        shares=dict(parse_share(text) for text in said["shares"]),
        weights=dict(parse_weight(text) for text in said["weights"]),
        excludes=said["omits"],
    )
