"""What is asked of the estimator: the work, and what the call may use at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Deliverables: TypeAlias = "str | Sequence[Deliverables] | Mapping[str, Deliverables]"
"""Paths, with or without words (``add docs/usage.md``), in any nesting of lists and tables; keys are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work for a model. Everything may be left out."""

    category: str = ""
    """As people call it; ``engine.budgets.labels`` normalises it. Empty lets the deliverables decide."""
    complexity: str = ""
    """``low``, ``medium``, ``high``; empty for medium."""
    deliverables: Deliverables = ()
    """Files that the answer is to hold."""
    description: str = ""
    """The task in words; read for special documents, never stored."""
    scope: tuple[str, ...] = ()
    """Paths that are given as context or may be changed."""
    workspace: Path | None = None
    """Folder that paths are relative to: which files exist, and how long they are. None looks at no disk."""
    mode: str = ""
    """``full_file``, ``large_refactor``, ``diff``; empty lets the rules decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What no rule may raise a ceiling above, in tokens; None where there is no such limit."""

    provider: str = ""
    """Who serves the model."""
    model: str = ""
    """Id of the model."""
    hard_cap_tokens: int | None = None
    """The caller's own limit."""
    max_output_tokens: int | None = None
    """Longest answer of the model; None when the model is not known."""
    window_tokens: int | None = None
    """Context window that input and output share."""
    used_tokens: int = 0
    """Tokens of the window that the prompt takes."""
    streaming: bool = True
    """Whether the answer is streamed; some SDKs refuse long answers otherwise."""
