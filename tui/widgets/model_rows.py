"""Which models match what was typed, and how a model is written in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual.fuzzy import FuzzySearch

from engine.model import Model
from tui.text import content, fit, number, short_number
from tui.widgets.names import shown_name
from tui.widgets.report_line import method_words

_MOST_WORDS = 6
_FEWEST = 3
"""Letters of a word that may lie apart in a name; fewer must stand together."""
_WIDEST = 2.5
"""Letters of a name, for each of the word, that these may be spread over."""
_LONGEST = 200
"""Characters of a name that are searched."""


def matching(models: Sequence[Model], query: str, recent: Sequence[str]) -> list[Model]:
    """Models that match all words of a query, the best first; without a query, those used last, then the others."""
    words = query.casefold().split()[:_MOST_WORDS]
    if not words:
        by_id = {model.id: model for model in models}
        first = [by_id[name] for name in dict.fromkeys(recent) if name in by_id]
        return [*first, *(model for model in models if model not in first)]
    search = FuzzySearch()
    rated = [(_score(search, model, words), at) for at, model in enumerate(models)]
    return [models[at] for score, at in sorted(rated, key=lambda one: (-one[0], one[1])) if score > 0]


def _score(search: FuzzySearch, model: Model, words: Sequence[str]) -> float:
    """How well a model matches: its own names count most, then provider and encoding."""
    names = [name[:_LONGEST].casefold() for name in (model.id, *model.aliases)]
    others = [text[:_LONGEST].casefold() for text in (model.provider, model.encoding, str(model.method))]
    total = 1.0
    for word in words:
        best = max(_similar(search, word, name) for name in names)
        aside = max((2.0 if other.startswith(word) else 0.0) for other in others)
        best = max(best, aside)
        if best <= 0:
            return 0.0
        total *= best
    return total


def _similar(search: FuzzySearch, word: str, name: str) -> float:
    if word in name:
        # What begins with the word, or is little more than it, is what was meant.
        return 10.0 + (5.0 if name.startswith(word) else 0.0) + 5.0 * len(word) / len(name)
    if len(word) < _FEWEST:
        return 0.0
    _, at = search.match(word, name)
    span = at[-1] - at[0] + 1 if at else 0
    # Letters that lie far apart are in nearly every long name.
    return 9.0 * len(word) / span if 0 < span <= _WIDEST * len(word) else 0.0


@dataclass(frozen=True, slots=True)
class ModelColumns:
    """Widths of the columns; 0 for those that have no room."""

    id: int
    provider: int
    window: int
    price: int
    method: int
    encoding: int
    age: int


def columns_for(width: int) -> ModelColumns:
    """Choose what a row of so many cells shows; the name gets what the others leave."""
    window, price = 7, 14 if width >= 60 else 0
    method = 28 if width >= 100 else 16 if width >= 46 else 0
    provider = 12 if width >= 84 else 0
    encoding = 14 if width >= 104 else 0
    age = 11 if width >= 116 else 0
    name = max(8, width - 2 - window - price - method - provider - encoding - age)
    return ModelColumns(name, provider, window, price, method, encoding, age)


def heads(columns: ModelColumns) -> str:
    """Names of the columns."""
    made = "  " + fit("model", columns.id) + fit("provider", columns.provider)
    made += fit("window", columns.window, right=True)
    made += fit("$/M in    out", columns.price, right=True)
    return made + fit("  counted", columns.method) + fit("encoding", columns.encoding) + fit("data of", columns.age)


def cells_of(model: Model, columns: ModelColumns) -> tuple[str, str, str]:
    """Name, figures, and method with what stands behind it: three pieces, as they are coloured apart."""
    name = fit(shown_name(model.id, columns.id - 1), columns.id)
    figures = fit(shown_name(model.provider, max(0, columns.provider - 1)), columns.provider)
    figures += fit(short_number(model.context_window), columns.window, right=True)
    prices = fit(_price(model.price_in), 7, right=True) + fit(_price(model.price_out), 7, right=True)
    figures += prices[: columns.price]
    words = method_words(model) if columns.method > 20 else str(model.method)
    method = fit(f"  {words}", columns.method)
    method += fit(shown_name(model.encoding, max(0, columns.encoding - 1)), columns.encoding)
    return name, figures, method + fit(shown_name(model.as_of, 10), columns.age)


def _price(price: Decimal | None) -> str:
    if price is None:
        return "–"
    return f"{price.normalize():f}" if price == price.to_integral() or abs(price) < 100 else f"{price:.0f}"


def details(model: Model) -> list[str]:
    """What a row has no room for, a line each."""
    prompt = f"window {number(model.context_window)} · input {number(model.max_input)}"
    lines = [f"{prompt} · output {number(model.max_output)}"]
    lines.append(f"{method_words(model)} · {content(model.encoding[:_LONGEST]).plain}"
                 f" · {content(model.claim[:_LONGEST]).plain}".rstrip(" ·"))  # fmt: skip
    ends = f" · the provider ends it {content(model.deprecation[:40]).plain}" if model.deprecation else ""
    lines.append(f"figures of {content(model.as_of[:40]).plain}: {content(model.source[:_LONGEST]).plain}{ends}")
    return lines
