"""The directory tree: one line per directory, a level mark before each name."""

from __future__ import annotations

from collections.abc import Iterable

from engine.visible import quoted


def split_path(path: str) -> tuple[str, str]:
    """Cut a path into its directory (with a slash, ``./`` for the root) and its name."""
    directory, slash, name = path.rpartition("/")
    return (directory + slash if slash else "./"), name


def directory_head(directory: str) -> str:
    """Start the line of a directory."""
    return quoted(directory)


def tree_entry(mark: int, name: str) -> str:
    """Write one file of a directory line, with the space before it."""
    return f" {mark} {quoted(name)}"


def tree_lines(files: Iterable[tuple[str, int]]) -> list[str]:
    """List files by directory.

    Args:
        files: Path and level mark of each file, in any order.

    Returns:
        Lines without line breaks, such as ``django/db/ 0 query.py 3 base.py``, ordered by path.
    """
    rows = sorted((*split_path(path), mark) for path, mark in files)
    lines: list[str] = []
    parts: list[str] = []
    current: str | None = None
    for directory, name, mark in rows:
        if directory != current:
            if parts:
                lines.append("".join(parts))
            parts = [directory_head(directory)]
            current = directory
        parts.append(tree_entry(mark, name))
    if parts:
        lines.append("".join(parts))
    return lines
