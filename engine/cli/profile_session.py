"""What all profile commands share: their words, their options, and the opened profiles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.options import db_option, model_option
from engine.cli.session import Session, session
from engine.cli.terminal import visible, write_result
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.inspector import Profile, ProfileVersion, RepositoryProfiles

F = TypeVar("F", bound=Callable[..., Any])
NONE = ("none", "default")
"""Words for no profile."""


def with_options(command: F) -> F:
    """``--model``, ``--db`` and ``--json``."""
    for decorate in (click.option("--json", "as_json", is_flag=True, help="Print JSON."), db_option, model_option):
        command = decorate(command)
    return command


def words_argument(metavar: str) -> Callable[[F], F]:
    """Any number of words, the last of which may be the path."""
    return click.argument("words", nargs=-1, metavar=metavar)


def split_path(words: Sequence[str], most: int | None = None) -> tuple[list[str], str]:
    """Tell names from the path of the repository.

    Args:
        words: As they were given.
        most: How many names there may be; a further word is the path.

    Raises:
        UsageError: a word too many, or an empty one.
    """
    if not all(words):
        raise UsageError("a word is empty", "name a profile, or a path such as ./shop")
    names = list(words)
    path = "."
    if names and (_looks_like_path(names[-1]) or (most is not None and len(names) == most + 1)):
        path = names.pop()
    if most is not None and len(names) > most:
        raise UsageError(f"'{names[most][:80]}' is one word too many", "write a PATH with a slash: ./shop")
    return names, path


def _looks_like_path(word: str) -> bool:
    return "=" not in word and (word in (".", "..") or "/" in word or "\\" in word)


@contextmanager
def opened(
    path: str, model: str | None, db: str | None, *, quiet: bool = True
) -> Iterator[tuple[Session, RepositoryProfiles]]:
    """Open the profiles of a repository."""
    with session(path, {"model": model, "db": db}, quiet=quiet, no_cache=quiet) as one:
        yield one, one.inspector.profiles(Path(path), one.config["model"], one.config)


def numbered(word: str) -> tuple[str, int] | None:
    """Read ``NAME@VERSION``; None for a name alone."""
    name, at, number = word.rpartition("@")
    return (name, int(number)) if at and number.isascii() and number.isdigit() and len(number) < 10 else None


def version_named(profiles: RepositoryProfiles, word: str) -> ProfileVersion:
    """Find ``NAME`` or ``NAME@VERSION``.

    Raises:
        InputError: there is none; names the nearest.
    """
    found = numbered(word)
    return profiles.show(word) if found is None else profiles.show(*found)


def profile_named(profiles: RepositoryProfiles, word: str) -> Profile | None:
    """Find a profile; ``none`` and ``default`` are none."""
    return None if word.lower() in NONE else version_named(profiles, word).profile


def about(profiles: RepositoryProfiles) -> dict[str, str]:
    """The first keys of every JSON answer."""
    return {"repository": profiles.repository, "model": profiles.model.id}


def tell(as_json: bool, data: object, text: str) -> None:
    """Print a result one way or the other."""
    write_result(json.dumps(data, indent=2) if as_json else text)


def bullet(lines: Sequence[str], without: str) -> str:
    """Phrases on lines of their own."""
    return "\n".join(f"  {visible(line)}" for line in lines) or f"  {without}"
