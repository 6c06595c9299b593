"""The task that the answer is for, and what the estimator wants for it; asked beside the engine's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import Config
from engine.errors import PacksightError

_MOST_FILES = 40
_LONGEST = 400
"""Characters of a name that are taken."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a person says of the task; everything may be left out."""

    category: str = ""
    """Kind of work; empty for the estimator's default."""
    complexity: str = ""
    """``low``, ``medium``, ``high``; empty for the default."""
    deliverables: tuple[str, ...] = ()
    """Files that the answer is to hold."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``packsight estimate --json`` says for a task and a model. Counts are output tokens."""

    task: Task
    model: str
    """Id of the model it holds for."""
    category: str
    """The kind of work that it was taken for."""
    complexity: str
    wanted_tokens: int
    """``selected_budget``: what the answer should have."""
    ceiling_tokens: int
    """``actual_max_tokens``: what is sent, and so what the window must hold beside the prompt."""
    quantiles: tuple[int, int, int]
    """p50, p90, p95 of its length."""
    confidence: float
    samples: int
    """Recorded calls that it rests on; 0 for the shipped tables."""
    version: str
    """Of the estimator."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is no estimate, in words."""

    why: str


def estimate(engine: Any, config: Config | None, model: str, task: Task, workspace: Path) -> Answer | NoAnswer:
    """Ask the estimator."""
    try:
        found: Mapping[str, Any] = engine.expected_answer(
            config,
            model,
            category=task.category,
            complexity=task.complexity,
            deliverables=task.deliverables,
            workspace=workspace if workspace.is_dir() else None,
        )
    except PacksightError as error:
        return NoAnswer(f"{error.message}; {error.hint}" if error.hint else error.message)
    quantiles = found["quantiles"]
    return Answer(
        task=task,
        model=model,
        category=found["category"],
        complexity=found["complexity"],
        wanted_tokens=found["selected_budget"],
        ceiling_tokens=found["actual_max_tokens"],
        quantiles=(quantiles["p50"], quantiles["p90"], quantiles["p95"]),
        confidence=found["confidence"],
        samples=found["samples"],
        version=found["estimator_version"],
    )


def task_of(category: str, complexity: str, files: str) -> Task:
    """Read what was typed; files are separated by commas."""
    named = tuple(name.strip()[:_LONGEST] for name in files.split(",") if name.strip())
    return Task(category.strip()[:_LONGEST], complexity.strip()[:_LONGEST], named[:_MOST_FILES])


def files_text(task: Task) -> str:
    """Write the deliverables as they are typed."""
    return ", ".join(task.deliverables)
