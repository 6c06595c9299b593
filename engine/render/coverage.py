"""What a pack says about how much of the files in scope it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from engine.render.directories import Directories, Mask
from engine.render.shown import line_files, shown_files


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Which files a pack is to stand for, and how finely directories are told."""

    files: Mask
    """(m,) files in scope."""
    directories: Directories
    most_lines: int
    """Lines that directories may take; 0 leaves them out."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How files in scope are told of; the last three add up to the first."""

    files_in_scope: int
    """Files with text that no wish leaves out."""
    files_shown: int
    """Files with text in the pack, or with a line of their own."""
    files_in_directories: int
    """Files that the line of a directory stands for."""
    files_left_out: int
    """Files that nothing in the pack tells of."""
    files_by_line: int
    """Those of ``files_shown`` that have only their line."""

    def as_dict(self) -> Mapping[str, int]:
        """Plain data."""
        return asdict(self)

    def sentence(self) -> str:
        """The statement that stands in the pack, on one line."""
        covered = self.files_in_scope - self.files_left_out
        with_text = self.files_shown - self.files_by_line
        ways = [
            f"{number:,} {way}"
            for number, way in (
                (with_text, "with text"), (self.files_by_line, "by line"), (self.files_in_directories, "by directory")
            )
            if number
        ]  # fmt: skip
        plain = with_text == self.files_in_scope or not ways
        return f"Coverage: {covered:,} of {self.files_in_scope:,} files" + ("" if plain else f"; {', '.join(ways)}")


def covered(
    columns: Columns, levels: npt.NDArray[np.int8], file_lines: npt.NDArray[np.bool_], scope: Scope
) -> tuple[Coverage, list[str]]:
    """Count how files are told of, and write the lines of directories for those that nothing else tells of.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6.
        file_lines: (m,) files represented by their one line.
        scope: What the pack is to stand for.
    """
    told = np.zeros(len(columns.files), np.bool_)
    told[shown_files(columns, levels)] = True
    short = line_files(columns, levels, file_lines)
    told[short] = True
    missing = scope.files & ~told
    lines = scope.directories.lines(missing, scope.most_lines) if scope.most_lines and missing.any() else []
    untold = int(missing.sum())
    by_directory = untold if lines else 0
    return (
        Coverage(
            files_in_scope=int(scope.files.sum()),
            files_shown=int((scope.files & told).sum()),
            files_in_directories=by_directory,
            files_left_out=untold - by_directory,
            files_by_line=int(scope.files[short].sum()),
        ),
        lines,
    )
