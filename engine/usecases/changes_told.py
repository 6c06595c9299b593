"""A change in words: the lines that stand in a pack, and the part of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from engine.columns import Columns
from engine.usecases.changed import Changed, numbers
from engine.visible import display_path, quoted, visible_name

if TYPE_CHECKING:
    from engine.walk.changes import FileChange, Kind

_MARKS: dict[Kind, str] = {"deleted": "D", "renamed": "R", "added": "A", "modified": "M"}
"""In this order: what is gone can be seen nowhere else."""
_COMMIT = 12
PINNED = "full: pinned"
"""How reasons of chunks in full begin that were asked for by name."""


def head_line(changed: Changed) -> str:
    """What changed, in numbers, on one line."""
    kinds: Counter[Kind] = Counter(change.kind for change in changed.changes.files)
    counted = ", ".join(f"{kinds[kind]:,} {kind}" for kind in _MARKS if kinds[kind]) or "nothing changed"
    return f"since {visible_name(changed.revision)} ({changed.changes.base[:_COMMIT]}): {counted}"


def told(
    changed: Changed, columns: Columns, budget_tokens: int, count_many: Callable[[Sequence[str]], list[int]]
) -> tuple[str, ...]:
    """Lines on what changed, as many as their share of the budget holds.

    Args:
        changed: The change.
        columns: The repository.
        budget_tokens: What the pack may come to.
        count_many: Counts texts for the model.
    """
    rules, sizes = numbers()["pack"], {row.path: row.lines for row in columns.files}
    order: list[Kind] = list(_MARKS)
    files = sorted(changed.changes.files, key=lambda change: (order.index(change.kind), change.path))
    lines = [_line(change, sizes) for change in files[: int(rules["told_lines"])]]
    head = head_line(changed)
    left = rules["told_share"] * budget_tokens
    shown: list[str] = []
    for line, tokens in zip(lines, count_many([line + "\n" for line in lines]), strict=True):
        left -= tokens
        if left < 0:
            break
        shown.append(line)
    rest = len(files) - len(shown)
    return (head, *shown, *([f"… {rest:,} more files changed"] if rest else []))


def _line(change: FileChange, sizes: dict[str, int]) -> str:
    name = quoted(change.path)
    if change.kind == "renamed":
        name = f"{quoted(change.old_path)} -> {name}"
    words = [_MARKS[change.kind], name]
    if change.hunks:
        words += [f"{sign}{number}" for sign, number in (("+", change.added), ("-", change.removed)) if number]
    elif change.kind == "added" and change.path in sizes:
        words.append(f"+{sizes[change.path]}")
    elif change.whole:
        words.append("(no lines compared)")
    return " ".join(words)


def tell_changes(report: dict[str, Any], changed: Changed, columns: Columns) -> None:
    """Put the change into the report of a pack, and say of its items what they have to do with it."""
    rows = {}
    files = [display_path(row.path) for row in columns.files]
    for row in (changed.rows | changed.used | changed.users).nonzero()[0].tolist():
        place = files[int(columns.file[row])], int(columns.start_line[row]), int(columns.end_line[row])
        rows[place] = changed.reason(row)
    for item in report["items"]:
        reason = rows.get((item["path"], item["start_line"], item["end_line"]))
        if reason and item["level"] <= 4:
            pinned = item["reason"].startswith(PINNED) and reason == "it changed"
            item["reason"] = f"full: {reason}" if pinned else f"{item['reason']}; {reason}"
    levels = {(item["path"], item["start_line"], item["end_line"]): item["level"] for item in report["items"]}
    changed_places = [place for place, reason in rows.items() if reason == "it changed"]
    shown = Counter(levels.get(place, 6) for place in changed_places)
    report["diff"] = {
        "revision": visible_name(changed.revision),
        "base": changed.changes.base,
        "files": [
            {
                "path": display_path(change.path),
                "kind": change.kind,
                "old_path": display_path(change.old_path),
                "added": change.added,
                "removed": change.removed,
            }
            for change in changed.changes.files
        ],
        "chunks": len(changed_places),
        "levels": {str(level): shown[level] for level in sorted(shown)},
        "touched": {"used": int(changed.used.sum()), "users": int(changed.users.sum())},
    }
