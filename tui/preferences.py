"""What the app remembers between two starts: theme, layout, models, tasks. Never needed, so never a reason to fail."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from tui.answer import Task

FILE = "app.json"
MOST_TASKS = 50
"""Repositories whose task is remembered."""
MOST_MODELS = 8
"""Models that are remembered as used last."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The app as it was left."""

    theme: str = ""
    """Name of the theme; empty for the default."""
    pane: str = "auto"
    """Which pane is beside the tree where there is not room for all; ``auto`` is none where rows are few."""
    sort: str = ""
    """How the tree is sorted; empty for its default."""
    models: tuple[str, ...] = ()
    """Models used last, the newest first."""
    tasks: tuple[tuple[str, Task], ...] = ()
    """(folder of a repository, what its answers are for), the newest first."""

    def task_of(self, root: str) -> Task:
        """What answers of a repository are for; everything by default where nobody said."""
        return dict(self.tasks).get(root, Task())


def load_preferences(folder: Path) -> Preferences:
    """Read what was remembered; what is damaged or unknown counts as never said."""
    try:
        known = json.loads((folder / FILE).read_text("utf-8"))
        read = {field.name: known[field.name] for field in fields(Preferences) if field.name in known}
    except (OSError, ValueError, TypeError, RecursionError):
        return Preferences()
    models, tasks = read.pop("models", ()), read.pop("tasks", ())
    texts = {key: value for key, value in read.items() if isinstance(value, str)}
    names = tuple(name for name in models if isinstance(name, str)) if isinstance(models, list) else ()
    return Preferences(**texts, models=names[:MOST_MODELS], tasks=tuple(_tasks(tasks))[:MOST_TASKS])


def _tasks(written: object) -> Iterator[tuple[str, Task]]:
    """Read tasks as they were written; what is none is passed over."""
    for one in written if isinstance(written, list) else ():
        match one:
            case [str(root), {"category": str(category), "complexity": str(complexity), "deliverables": list(files)}]:
                yield root, Task(category, complexity, tuple(name for name in files if isinstance(name, str)))


def save_preferences(folder: Path, preferences: Preferences) -> bool:
    """Remember; returns False where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(preferences), file)
            Path(temporary).replace(folder / FILE)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    return True


def with_model(preferences: Preferences, model: str) -> Preferences:
    """Put a model first among those used last."""
    others = tuple(name for name in preferences.models if name != model)
    return replace(preferences, models=(model, *others)[:MOST_MODELS])


def with_task(preferences: Preferences, root: str, task: Task) -> Preferences:
    """Remember what answers of a repository are for; nothing in particular is not worth remembering."""
    others = tuple(known for known in preferences.tasks if known[0] != root)
    kept = others if task == Task() else ((root, task), *others)
    return replace(preferences, tasks=kept[:MOST_TASKS])
