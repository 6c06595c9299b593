"""Settings of one side of a comparison as people write them: ``32k``, ``model=gpt-5.5,budget=64k``, ``rev=HEAD~5``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import UsageError

KEYS = ("budget", "model", "profile", "rev", "query", "format", "reserve")
"""What can be written before ``=``."""

NOW = "now"
"""The word for the settings as they are."""

WORK_TREE = "worktree"
"""The revision that is none: the files as they lie there."""

TUNED = "tuned"
"""The revision that the profile was tuned at."""

_COMMA = re.compile(r",(?!\d{3}(?!\d))")
"""A comma between settings, not one of a number such as 32,000."""
_NUMBER = re.compile(r"[\d_,.]+\s*[kKmM%]?")


@dataclass(frozen=True, slots=True)
class Known:
    """How a word without a key is recognised."""

    models: Mapping[str, str]
    """Names of models and their aliases in lower case, with the model's id."""
    profiles: Callable[[], Sequence[str]]
    """Gives the names of saved profiles."""
    is_revision: Callable[[str], bool]
    """Tells whether the repository has such a revision."""


def parse_variant(text: str, known: Known) -> dict[str, str]:
    """Read one side: settings joined by commas, each ``KEY=VALUE`` or a bare word.

    A bare word is a budget when it is written as one, else a model, a profile or a revision, whichever there is.
    What follows ``query=`` may hold commas.

    Returns:
        Values by key; empty for ``now``.

    Raises:
        UsageError: a key is unknown or given twice, a word is nothing or more than one thing.
    """
    settings: dict[str, str] = {}
    for part in _parts(text):
        key, found, value = part.partition("=")
        key = key.strip().lower()
        if not found:
            if part == NOW:
                continue
            key, value = _bare(part, known), part
        elif key not in KEYS:
            nearest = difflib.get_close_matches(key[:40], KEYS, 1, 0.0)[0]
            raise UsageError(f"'{key[:80]}' is no setting of a pack to compare", f"did you mean '{nearest}='?")
        if key in settings:
            raise UsageError(f"'{text[:80]}' gives {key} twice", "one value for each side: packsight diff 32k 64k")
        settings[key] = value.strip()
    return settings


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for part in _COMMA.split(text):
        key = part.partition("=")[0].strip().lower()
        if parts and parts[-1].startswith("query=") and key not in KEYS:
            parts[-1] += f",{part}"
        else:
            parts.append(part.strip())
    if not all(parts):
        raise UsageError(f"'{text[:80]}' has an empty setting", "for instance 32k or model=gpt-5.5,budget=64k")
    return parts


def _bare(word: str, known: Known) -> str:
    if _NUMBER.fullmatch(word):
        return "budget"
    if word in (WORK_TREE, TUNED):
        return "rev"
    profiles = known.profiles()
    meanings = [
        key
        for key, holds in (
            ("model", word.lower() in known.models),
            ("profile", word in profiles),
            ("rev", known.is_revision(word)),
        )
        if holds
    ]
    if len(meanings) == 1:
        return meanings[0]
    if meanings:
        hint = f"write {' or '.join(f'{key}={word}' for key in meanings)}"
        raise UsageError(f"'{word[:80]}' is a {' and a '.join(_NAMES[key] for key in meanings)}", hint)
    nearest = difflib.get_close_matches(word, [*known.models, *profiles], 1)
    raise UsageError(
        f"'{word[:80]}' is no budget, model, profile or revision here",
        f"did you mean '{nearest[0]}'?" if nearest else f"write KEY=VALUE; keys: {', '.join(KEYS)}",
    )


_NAMES = {"model": "model", "profile": "profile", "rev": "revision"}
