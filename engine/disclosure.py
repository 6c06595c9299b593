"""What of a repository's text may be told to whom: wishes about secrets and hidden characters, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

HiddenText = Literal["mark", "drop", "keep"]

HIDDEN_TEXT: tuple[HiddenText, ...] = ("mark", "drop", "keep")
"""What can be done about hidden characters."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How text leaves. Never read from a file of a repository: who wrote that must not decide it."""

    reveal_secrets: bool = False
    """Show secrets as they are instead of masking them."""
    hidden_text: HiddenText = "mark"
    """Mark hidden characters, drop them, or keep them as they are."""
    allow: tuple[str, ...] = ()
    """Path globs of files in which nothing is a secret."""


GUARDED = Disclosure()
"""Secrets masked, hidden characters marked."""


class Sighting(NamedTuple):
    """A place that a report names; never what stands there."""

    line: int
    """From 1."""
    kind: str
    """Rule or kind of character."""
    is_secret: bool
    """A secret, rather than hidden text."""
