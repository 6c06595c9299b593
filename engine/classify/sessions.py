"""How much of a comment is an interactive session: prompts with what is typed, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence

_LEADERS = " \t#*/;-!"


def session_share(lines: Sequence[bytes], prompts: tuple[str, ...]) -> float:
    """Share of the lines with words that belong to a session.

    A session starts with a prompt and ends with an empty line; lines of marks alone (quotes, ``/**``) do not count.

    Args:
        lines: Lines of the comment or docstring, in UTF-8.
        prompts: What a typed line starts with (``>>>``, ``iex>``).
    """
    words = shown = 0
    inside = False
    for line in lines:
        text = line.decode("utf-8", "replace").strip().lstrip(_LEADERS)
        if text.startswith(prompts):
            inside = True
        elif not text:
            inside = False
        if text.startswith(prompts) or any(char.isalnum() for char in text):
            words += 1
            shown += inside
    return shown / words if words else 0.0
