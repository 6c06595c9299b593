"""What a report says about secrets and hidden characters: file, line and kind, never the value."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.chunk import Unreadable, line_starts_of, text_of
from engine.columns import Columns
from engine.disclosure import Disclosure
from engine.events import Emit, IsCancelled, Progress
from engine.pack.problem import OUTLINE, Levels
from engine.scan.guard import NOTHING, Guard, allows
from engine.scan.settings import MAX_FILE_BYTES
from engine.scan.texts import RepositoryTexts
from engine.usecases.patient import stop_if
from engine.usecases.repository import Repository
from engine.visible import display_path
from engine.walk import ReadFailed

_FILES_BETWEEN = 20
"""Files between two looks whether to go on."""


def tell_disclosed(
    report: dict[str, Any], texts: RepositoryTexts, columns: Columns, levels: Levels, how: Disclosure
) -> None:
    """Add ``secrets`` and ``hidden`` to a report: what of both stands in its text, and what was done about it.

    Args:
        report: As ``build_report`` makes it.
        texts: Of the repository; what is shown was read already.
        columns: The chunks.
        levels: (n,) level of each chunk.
        how: What was asked for.
    """
    secrets: set[tuple[str, int, str]] = set()
    hidden: set[tuple[str, int, str]] = set()
    for chunk in np.flatnonzero(levels < OUTLINE).tolist():
        for one in texts.seen(chunk, int(levels[chunk])):
            path = display_path(columns.files[int(columns.file[chunk])].path)
            (secrets if one.is_secret else hidden).add((path, one.line, one.kind))
    report["secrets"] = told(secrets)
    report["secrets_shown"] = how.reveal_secrets
    report["hidden"] = told(hidden)
    report["hidden_text"] = how.hidden_text


def find_all(repository: Repository, how: Disclosure, emit: Emit, cancelled: IsCancelled) -> dict[str, Any]:
    """Look through all files of a repository: ``secrets`` and ``hidden``, as reports list them.

    Files that cannot be read any more hold nothing.

    Raises:
        UsageError: a glob of ``how`` is none.
        Cancelled: ``cancelled`` said so.
    """
    secrets: set[tuple[str, int, str]] = set()
    hidden: set[tuple[str, int, str]] = set()
    total = len(repository.identified)
    for done, (file, _) in enumerate(repository.identified):
        if done % _FILES_BETWEEN == 0:
            stop_if(cancelled)
            emit(Progress("secrets", done, total))
        try:
            data, _ = text_of(repository.listing.content.read(file, MAX_FILE_BYTES))
        except (ReadFailed, Unreadable):
            continue
        guard = Guard.of(data)
        if guard == NOTHING:
            continue
        path = display_path(file.path)
        for one in guard.seen(0, len(data) + 1, (), line_starts_of(data)):
            if one.is_secret and allows(how, file.path):
                continue
            (secrets if one.is_secret else hidden).add((path, one.line, one.kind))
    return {"secrets": told(secrets), "hidden": told(hidden)}


def told(places: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Places as a report lists them, by path and line."""
    return [{"path": path, "line": line, "kind": kind} for path, line, kind in sorted(places)]
