"""The files of a pack, as rows to jump to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment

from engine.visible import visible_name
from tui.pack_outline import PackedFile
from tui.text import fit, middle, number
from tui.widgets.row_source import Paint, RowState


class FileRows:
    """Rows of a ``RowList``: path, and tokens where they are known."""

    def __init__(self, files: Sequence[PackedFile], tokens: Sequence[int] = ()) -> None:
        """Take the files in the order of the text; ``tokens`` are of each of them, or none."""
        self.files, self.tokens = files, tokens

    def row_count(self) -> int:
        """Number of files."""
        return len(self.files)

    def row_key(self, row: int) -> int:
        """Position of the file in the pack."""
        return row

    def row_of(self, key: Any) -> int:
        """The position is the row."""
        return key if isinstance(key, int) and key < len(self.files) else -1

    def row_segments(self, row: int, width: int, state: RowState, paint: Paint) -> Sequence[Segment]:
        """Write a path, shortened from the middle, and the tokens at the right."""
        count = number(self.tokens[row]) if row < len(self.tokens) else ""
        room = max(1, width - (len(count) + 1 if count else 0))
        name = fit(middle(visible_name(self.files[row].path), room), room)
        return [Segment(name), Segment(f" {count}" if count else "", paint("row-list--empty"))]

    def header_segments(self, width: int, paint: Paint) -> Sequence[Segment] | None:
        """No line above."""
        return None

    def empty_lines(self) -> Sequence[str]:
        """Say that there are no files."""
        return ("no file is shown with text",)
