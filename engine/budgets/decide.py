"""The decision: one task and one set of limits in, one object with every number and every step out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.budgets.ceiling import ceiling_steps
from engine.budgets.documents import Document, read_documents
from engine.budgets.estimate import Quantiles, estimate, learned_quantiles
from engine.budgets.files import Deliverable, read_deliverables
from engine.budgets.labels import category_name, category_of, complexity_name, family_of, provider_name, provider_of
from engine.budgets.learned import Cell, Version
from engine.budgets.modes import Mode, read_mode
from engine.budgets.select import select_from_tables, select_learned
from engine.budgets.task import Limits, Task
from engine.budgets.trace import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a call is allowed, and why. Everything that sends or records a call takes this."""

    category: str
    """Normalised; ``other`` when nothing tells."""
    complexity: str
    provider: str
    model: str
    mode: Mode
    estimate_tokens: int
    """Expected answer with its safety margin, before any buffer."""
    quantiles: Quantiles
    selected_budget: int
    """Intent, in output tokens; the same for every provider unless history taught otherwise."""
    actual_max_tokens: int
    """Ceiling to send, in output tokens."""
    hard_cap_tokens: int | None
    confidence: float
    samples: int
    """Recorded calls that the intent rests on; 0 while it rests on the tables."""
    estimator_version: str
    deliverables: tuple[Deliverable, ...]
    document: Document | None
    trace: tuple[Step, ...]
    """Every rule in order; a rule that changed nothing has equal numbers."""


def decide(task: Task, limits: Limits | None = None, version: Version | None = None) -> Decision:
    """Decide the output budget of a task.

    Args:
        task: The work.
        limits: Provider, model and what may not be exceeded; by default an unknown model.
        version: What the estimator rests on; by default the tables that ship.

    Raises:
        UsageError: a complexity or mode that does not exist, or a limit that is no limit.
        InputError: the prompt leaves no room in the window.
    """
    limits, version = limits or Limits(), version or Version()
    complexity = complexity_name(task.complexity)
    labelled = category_name(task.category)
    deliverables = read_deliverables(task.deliverables, labelled, task.workspace)
    document = read_documents(deliverables, task.description, len(task.scope))
    name, why = _category(labelled, task.category, deliverables, document)
    category = category_of(name)
    steps = [Step("category", None, None, why)]
    special = document if document is not None and document.category == name else None
    expected = estimate(category, complexity, deliverables, special)
    provider = provider_name(limits.provider)
    found = version.find(Cell(name, complexity, provider, family_of(limits.model)))
    quantiles, samples, confidence = expected.quantiles, 0, expected.confidence
    if found is None:
        trial = next((one for one in version.trials if (one.category, one.complexity) == (name, complexity)), None)
        selected = select_from_tables(expected, category, complexity, len(deliverables), trial)
    else:
        cell, learned = found
        quantiles, samples = learned_quantiles(learned), learned.samples
        named = "/".join(part or "*" for part in cell)
        selected = select_learned(expected, learned, named, bool(deliverables))
    mode = read_mode(task.mode, name, deliverables, task.scope, task.workspace)
    ceiling = ceiling_steps(selected.budget_tokens, category, mode, provider_of(provider), limits)
    last = ceiling[-1].after
    assert last is not None
    return Decision(
        category=name,
        complexity=complexity,
        provider=provider,
        model=limits.model,
        mode=mode,
        estimate_tokens=expected.tokens,
        quantiles=quantiles,
        selected_budget=selected.budget_tokens,
        actual_max_tokens=last,
        hard_cap_tokens=limits.hard_cap_tokens,
        confidence=confidence,
        samples=samples,
        estimator_version=version.name,
        deliverables=deliverables,
        document=document,
        trace=(*steps, *expected.steps, *selected.steps, *ceiling),
    )


def _category(
    labelled: str, written: str, deliverables: Sequence[Deliverable], document: Document | None
) -> tuple[str, str]:
    """Settle the category once: what it is called decides, then what it is about, then the deliverables."""
    docs_like = category_of(labelled).docs_like if labelled else True
    if document is not None and document.category and docs_like:
        return document.category, document.why
    if labelled:
        known = category_of(labelled).name == labelled
        said = "as named" if labelled == written else f"'{written[:40]}' is {labelled}"
        return labelled, said if known else f"{labelled} has no figures of its own; those of other hold"
    kinds = {one.kind for one in deliverables}
    if kinds == {"documentation"}:
        return "docs", "every deliverable is a document"
    if kinds == {"test"}:
        return "tests", "every deliverable is a test"
    return "other", "nobody named one" if not kinds else "not named, and the deliverables are of several kinds"
