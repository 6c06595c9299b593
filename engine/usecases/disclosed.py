"""What a report says about secrets and hidden characters: file, line and kind, never the value."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns import Columns
from engine.disclosure import Disclosure
from engine.pack.problem import OUTLINE, Levels
from engine.scan.texts import RepositoryTexts
from engine.visible import display_path


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


def told(places: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Places as a report lists them, by path and line."""
    return [{"path": path, "line": line, "kind": kind} for path, line, kind in sorted(places)]
