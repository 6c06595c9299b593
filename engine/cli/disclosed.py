"""``--reveal-secrets`` and ``--hidden-text``: what of secrets and hidden characters is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from engine.config import Config
from engine.disclosure import HIDDEN_TEXT, Disclosure, HiddenText
from engine.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def disclosure_options(command: F) -> F:
    """``--reveal-secrets`` and ``--hidden-text``."""
    for decorate in (
        click.option(
            "--hidden-text",
            type=click.Choice(HIDDEN_TEXT),
            default="mark",
            show_default=True,
            help="What becomes of characters that nobody sees: ⟨U+202E⟩, nothing, or as they are.",
        ),
        click.option(
            "--reveal-secrets", is_flag=True, help="Show secrets instead of masking them; on a terminal alone."
        ),
    ):
        command = decorate(command)
    return command


def disclosure_of(reveal_secrets: bool, hidden_text: str, config: Config, *, to_file: bool = False) -> Disclosure:
    """Combine options and the user's own settings.

    Args:
        reveal_secrets: As asked.
        hidden_text: One of ``HIDDEN_TEXT``.
        config: Settings; only the user's own file says what is no secret.
        to_file: Whether the text goes anywhere but to stdout.

    Raises:
        UsageError: secrets are to be revealed where no person reads them.
    """
    if reveal_secrets and (to_file or not on_terminal()):
        raise UsageError(
            "--reveal-secrets needs a terminal: stdin and stdout, no pipe, no file",
            "leave it out, or list files in which nothing is a secret under [secrets] allow of your own config.toml",
        )
    return Disclosure(reveal_secrets, cast(HiddenText, hidden_text), config.allow_secrets)


def on_terminal() -> bool:
    """Whether a person types and reads here."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
