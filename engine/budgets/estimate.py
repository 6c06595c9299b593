"""How long the answer will be: overhead and marginals from the tables, as a distribution rather than a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.budgets.documents import Document
from engine.budgets.files import Deliverable
from engine.budgets.learned import LearnedBudget
from engine.budgets.tables import Category, coefficients
from engine.budgets.tables import deliverables as deliverable_tables
from engine.budgets.trace import Step

_Z = {"p50": 0.0, "p90": 1.2816, "p95": 1.6449}
"""Standard normal quantiles."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Output tokens that the answer stays within, with this probability."""

    p50: int
    p90: int
    p95: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The expected answer."""

    tokens: int
    """Point estimate with its safety margin, before any buffer."""
    confidence: float
    """0 to 1: how much the deliverables say."""
    quantiles: Quantiles
    steps: tuple[Step, ...]


def estimate(
    category: Category, complexity: str, deliverables: Sequence[Deliverable], document: Document | None
) -> Estimate:
    """Estimate from the tables: margin × (overhead + marginals), or the formula of a special document."""
    table = coefficients()
    margin = table["safety_margin"]
    if document is not None and document.category:
        tokens = int(margin * document.tokens)
        rule = table["confidence"]["synthesis" if document.category == "doc_synthesis" else "sot_update"]
        steps = [Step(document.category, None, tokens, f"{document.why}; {_percent(margin)} margin")]
        return Estimate(tokens, rule, _prior(category, complexity, tokens), tuple(steps))
    overhead = category.overhead[complexity]
    steps = [Step("overhead", None, overhead, f"{category.name}/{complexity}")]
    total = overhead + sum(one.tokens for one in deliverables)
    if deliverables:
        steps.append(Step("deliverables", overhead, int(total), _summary(deliverables)))
    else:
        assumed = next(one["new"] for one in deliverable_tables()["type"] if one["id"] == category.assumed)
        total = overhead + assumed
        steps.append(Step("deliverables", overhead, int(total), f"none named; one new {category.assumed} file assumed"))
    tokens = math.floor(margin * total)
    steps.append(Step("safety_margin", int(total), tokens, _percent(margin)))
    return Estimate(tokens, _confidence(deliverables), _prior(category, complexity, tokens), tuple(steps))


def learned_quantiles(budget: LearnedBudget) -> Quantiles:
    """The quantiles that history gave."""
    return Quantiles(budget.p50_tokens, budget.p90_tokens, budget.p95_tokens)


def _prior(category: Category, complexity: str, tokens: int) -> Quantiles:
    """A log-normal around the measured ratio of actual to estimate."""
    median = tokens * category.ratio[complexity]
    return Quantiles(*(math.ceil(median * math.exp(z * category.spread[complexity])) for z in _Z.values()))


def _confidence(deliverables: Sequence[Deliverable]) -> float:
    rule = coefficients()["confidence"]
    if not deliverables:
        return float(rule["none"])
    suffixes = sum("." in one.path.rpartition("/")[2] for one in deliverables) / len(deliverables)
    verbs = sum(one.has_verb for one in deliverables) / len(deliverables)
    return round(min(1.0, float(rule["base"] + rule["suffix"] * suffixes + rule["verb"] * verbs)), 4)


def _summary(deliverables: Sequence[Deliverable]) -> str:
    counts: dict[str, int] = {}
    for one in deliverables:
        name = f"{'new' if one.is_new else 'modified'} {one.kind}"
        counts[name] = counts.get(name, 0) + 1
    words = [f"{number} {name}" for name, number in counts.items()]
    if len(deliverables) == 1:
        words.append(deliverables[0].why)
    return ", ".join(words)


def _percent(margin: float) -> str:
    return f"× {margin:g}"
