"""Options that set limits, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from engine.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
_PLAIN = {
    "max_total": ("N", "Tokens of everything in scope."),
    "max_growth": ("N", "Tokens, or percent, that everything grew by since the base."),
}
_NAMED = {
    "max_file": ("[GLOB=]N", "Tokens of each file that matches."),
    "max_glob": ("GLOB=N", "Tokens of all files that match, together."),
    "max_class": ("CLASS=N", "Tokens of a class, or its share of the total."),
    "max_dir": ("DIR=N", "Tokens below a folder; src/* is each folder right below src."),
    "max_changed": ("[GLOB=]N", "Tokens of each file that changed since the base."),
    "max_changed_growth": ("[GLOB=]N", "Tokens, or percent, that each changed file grew by."),
}
_PACK_HINT = "for instance --pack budget=32k,min_quality=0.6 or --pack budget=200k,whole"


def limit_options(command: F) -> F:
    """An option for each kind of limit, all repeatable."""
    command = click.option(
        "--pack",
        "pack",
        multiple=True,
        metavar="KEY=VALUE,…",
        help="A pack must reach a quality, or be whole: budget=32k,model=ID,min_quality=0.6,whole.",
    )(command)
    for key, (metavar, words) in reversed({**_PLAIN, **_NAMED}.items()):
        flag = "--" + key.replace("_", "-")
        command = click.option(flag, key, multiple=True, metavar=metavar, help=words)(command)
    return command


def limits_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say, as a ``[check]`` table would.

    Raises:
        UsageError: a value has no limit, or a pack is not written as one.
    """
    limits: dict[str, Any] = {key: list(said[key]) for key in _PLAIN if said[key]}
    for key in _NAMED:
        named: dict[str, list[str]] = {}
        for written in said[key]:
            name, found, limit = written.rpartition("=")
            if not found and not _NAMED[key][0].startswith("["):
                flag = "--" + key.replace("_", "-")
                raise UsageError(
                    f"{flag}: '{written[:80]}' is not {_NAMED[key][0]}", f"for instance {flag} 'tests=40k'"
                )
            named.setdefault(name if found else "**", []).append(limit)
        if named:
            limits[key] = named
    if said["pack"]:
        limits["pack"] = [_demand(written) for written in said["pack"]]
    return limits


def _demand(written: str) -> dict[str, Any]:
    """Read ``budget=32k,min_quality=0.6,whole``; a query takes all that is behind it."""
    demand: dict[str, Any] = {}
    rest = written
    while rest:
        key, found, behind = rest.partition("=")
        if key.startswith("query") and found:
            demand["query"] = behind
            break
        word, _, rest = rest.partition(",")
        key, found, value = word.partition("=")
        demand[key.strip()] = value.strip() if found else True
    if "min_quality" in demand:
        try:
            demand["min_quality"] = float(demand["min_quality"])
        except ValueError:
            raise UsageError(f"--pack: '{demand['min_quality']!s:.40}' is no quality from 0 to 1", _PACK_HINT) from None
    return demand
