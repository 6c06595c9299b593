"""Hidden characters made visible, taken out, or left alone."""

from __future__ import annotations

from engine.disclosure import HiddenText
from engine.hidden.find import Hidden, find_hidden

MARK_BEGINS = "⟨U+"
"""How a mark begins."""


def marked(text: str, hidden: Hidden) -> str:
    """The mark of a run: ``⟨U+202E⟩``, or ``⟨U+E0049 and 56 more⟩`` for a longer one of a kind."""
    more = hidden.end - hidden.start - 1
    return f"{MARK_BEGINS}{ord(text[hidden.start]):04X}{f' and {more:,} more' if more else ''}⟩"


def neutral(text: str, how: HiddenText = "mark") -> str:
    """Text without anything hidden.

    Args:
        text: Any text.
        how: ``mark`` puts a visible mark in place of each run; ``drop`` leaves runs out, and marks look-alikes, which
            are part of words; ``keep`` changes nothing.
    """
    if how == "keep" or text.isascii():
        return text
    found = find_hidden(text)
    if not found:
        return text
    out, at = [], 0
    for hidden in found:
        out.append(text[at : hidden.start])
        if how == "mark" or hidden.kind == "homoglyph":
            out.append(marked(text, hidden))
        at = hidden.end
    return "".join([*out, text[at:]])
