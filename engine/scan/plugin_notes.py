"""What plugins failed at, file by file, in one sentence for each plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.events import Emit, Warned
from engine.plugins import troubles

_BEGINS, _FAILED = "plugin ", " failed: "
"""Around the name in the note of a file that a plugin failed on: ``plugin NAME failed: REASON``."""


def failures(notes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Sentences on plugins that failed.

    Args:
        notes: Path and note of every file.
    """
    paths: dict[str, list[str]] = {}
    said: dict[str, str] = {}
    for path, note in notes:
        if note.startswith(_BEGINS):
            name = note.removeprefix(_BEGINS).partition(_FAILED)[0]
            paths.setdefault(name, []).append(path)
            said.setdefault(name, note)
    for name, files in paths.items():
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        yield f"{said[name]}; left out for {files[0]}{more}"


def tell_of_failures(paths: Sequence[str], heads: Sequence[Sequence[Any]], emit: Emit) -> bool:
    """Warn of plugins that failed on files.

    Args:
        paths: Path of each file.
        heads: Head of the record of each file; its fourth field is the note.
        emit: Receives one warning for each plugin.

    Returns:
        Whether any plugin failed on a file, or was left out altogether.
    """
    said = list(failures(zip(paths, (head[3] for head in heads), strict=True)))
    for sentence in said:
        emit(Warned(sentence))
    return bool(said or troubles())
