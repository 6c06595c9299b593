"""Hidden text: characters that a model reads and a person does not see, and letters that pass for others.

In: text. Out: where such characters are and of which kind; and the text with them marked (``⟨U+202E⟩``), dropped, or
kept.
Characters that belong where they stand - joiners of Persian or of an emoji, marks of direction on a Hebrew line - are
none. Which characters there are is data: ``characters.toml``.

Text in ASCII, which is nearly all of it, costs one look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.hidden.find import Hidden, find_hidden
    from engine.hidden.show import MARK_BEGINS, neutral

__all__ = ["MARK_BEGINS", "Hidden", "find_hidden", "neutral"]

__getattr__ = names(
    __name__,
    {
        "MARK_BEGINS": "show",
        "Hidden": "find",
        "find_hidden": "find",
        "neutral": "show",
    },
)
