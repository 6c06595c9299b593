"""The legend: what the level marks and the two line marks mean, for what occurs in a pack and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

_MEANING = {
    0: "0 full",
    1: "1 trimmed: no comments",
    2: "2 condensed: signatures, outcomes",
    3: "3 capsule: signature, first doc line",
    4: "4 outline: names",
    5: "5 one line: path class lines tokens: names",
}
_CAPSULE = " (… path:a-b: the rest)"
_GAP = "⋯ a-b: lines not shown"
_ALTERED = {
    "secrets": "***: masked secret",
    "mark": "⟨U+…⟩: hidden character",
    "drop": "hidden characters left out",
}
"""What was done to text, by the words of ``engine.columns.Texts.altered``."""


def legend_line(levels: Iterable[int], gaps: bool, marks: bool = True, altered: Iterable[str] = ()) -> str:
    """Explain the levels that occur, on one line without a line break.

    Args:
        levels: Levels that occur, 0-5; others are ignored.
        gaps: Whether a line for lines that are not shown occurs.
        marks: Whether the format has capsule and gap lines; one that names the lines of each chunk has none.
        altered: What was done to text, as ``engine.columns.Texts.altered`` says.

    Returns:
        The legend; ``"Levels: nothing shown"`` when no level occurs.
    """
    parts = [
        _MEANING[level] + (_CAPSULE if marks and level == 3 else "") for level in sorted(set(levels) & set(_MEANING))
    ]
    if gaps and marks:
        parts.append(_GAP)
    done = set(altered)
    parts += [words for name, words in _ALTERED.items() if name in done]
    return "Levels: " + ("; ".join(parts) or "nothing shown")
