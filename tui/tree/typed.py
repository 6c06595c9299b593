"""A filter as a person types it: words, and ``class:code,docs`` or ``level:0,omitted`` among them."""

from __future__ import annotations

from engine.model import CLASSES
from tui.text import MARKS
from tui.tree.filtering import TreeFilter

CLASS, LEVEL = "class:", "level:"


def read_filter(text: str) -> TreeFilter:
    """Read what was typed; the beginning of a class's or a level's name is enough, a level's number or letter too.

    What names no class or level is read as a word, so that typing on narrows rather than empties.
    """
    words: list[str] = []
    classes, levels = set(), set()
    for word in text.split():
        lower = word.casefold()
        found: set[object] = set()
        if lower.startswith(CLASS):
            names = [name for name in lower.removeprefix(CLASS).split(",") if name]
            found = {kind for kind in CLASSES for name in names if kind.value.startswith(name)}
            classes |= {kind for kind in CLASSES if kind in found}
        elif lower.startswith(LEVEL):
            names = [name for name in lower.removeprefix(LEVEL).split(",") if name]
            found = {level for level in range(len(MARKS)) for name in names if _is_level(level, name)}
            levels |= {level for level in range(len(MARKS)) if level in found}
        if not found and lower not in (CLASS, LEVEL):
            words.append(word)
    return TreeFilter(" ".join(words), frozenset(classes), frozenset(levels))


def write_filter(wanted: TreeFilter) -> str:
    """Write a filter so that ``read_filter`` reads it back."""
    parts = [wanted.text] if wanted.text else []
    if wanted.classes:
        parts.append(CLASS + ",".join(kind.value for kind in CLASSES if kind in wanted.classes))
    if wanted.levels:
        parts.append(LEVEL + ",".join(str(level) for level in sorted(wanted.levels)))
    return " ".join(parts)


def _is_level(level: int, name: str) -> bool:
    mark = MARKS[level]
    if len(name) == 1 and not name.isdigit():
        return mark.letter.casefold() == name
    return str(level) == name or (len(name) > 1 and mark.name.startswith(name))
