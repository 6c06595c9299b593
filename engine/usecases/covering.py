"""What a pack of a repository is to stand for, and how many lines it may spend on directories."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from engine.columns import Columns
from engine.pack.problem import Mask
from engine.render.coverage import Scope
from engine.render.directories import Directories

_SHARE = 0.02
"""Share of a budget that goes to lines of directories at most."""
LINE_TOKENS = 15
"""What such a line costs: 11 to 19 tokens on seven repositories with three vocabularies."""
_MOST_LINES = 100
SENTENCE_TOKENS = 28
"""What the statement of coverage and the wrappers of the directories come to."""

_LAID_OUT: WeakKeyDictionary[object, Directories] = WeakKeyDictionary()


def scope_of(owner: object, columns: Columns, excluded: Mask, budget_tokens: int) -> Scope:
    """Lay out what a pack is to stand for.

    Args:
        owner: Lives as long as the columns; asked for again, its directories are at hand.
        columns: The scanned repository.
        excluded: (n,) chunks that wishes leave out.
        budget_tokens: What the pack may come to.
    """
    directories = _LAID_OUT.get(owner)
    if directories is None:
        directories = _LAID_OUT[owner] = Directories(columns)
    files = np.bincount(columns.file[~excluded], minlength=len(columns.files)) > 0
    return Scope(files, directories, min(_MOST_LINES, max(1, int(budget_tokens * _SHARE / LINE_TOKENS))))


def coverage_tokens(scope: Scope, all_lines_tokens: int, budget_tokens: int) -> int:
    """About what the statement and the directories will cost, before it is known which files they stand for.

    Args:
        scope: What the pack is to stand for.
        all_lines_tokens: What one line for each file would come to.
        budget_tokens: What the pack may come to.
    """
    crowded = all_lines_tokens > budget_tokens / 4
    return SENTENCE_TOKENS + (scope.most_lines * LINE_TOKENS if crowded else 0)
