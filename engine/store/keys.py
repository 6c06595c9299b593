"""How identities of repositories and ids of models are written in tables."""

from __future__ import annotations


def storable(text: str) -> str:
    """Write bytes of a path that are no UTF-8 as escapes, because databases hold valid text only."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
