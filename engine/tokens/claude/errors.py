"""What can go wrong before a single token is counted."""

from __future__ import annotations

from difflib import get_close_matches

from engine.errors import InputError


def unknown_encoding(name: str, known: list[str]) -> InputError:
    """The error for an encoding that is not among ``known``, with the nearest name as its hint."""
    nearest = get_close_matches(name, known, n=1, cutoff=0.0)
    hint = f"Nearest: {nearest[0]}. " if nearest else ""
    return InputError(f"Unknown Claude encoding {name!r}.", f"{hint}Known: {', '.join(known)}.")
