"""Tools that need no repository: counting, and the catalog of models."""

from __future__ import annotations

from engine.budget import parse_budget
from engine.errors import UsageError
from engine.mcp.call import Call, Outcome, Tool
from engine.mcp.results import Counted, Models
from engine.mcp.words import CountTokens, ListModels


def count_tokens(call: Call, words: CountTokens) -> Outcome:
    """Count texts, files and folders."""
    if not words.texts and not words.paths:
        raise UsageError("there is nothing to count", "give texts or paths")
    inspector = call.inspector
    models = words.models or [name.strip() for name in str(call.config(None, words)["model"]).split(",")]
    known = [inspector.model(name) for name in models]
    budgets = {one.id: parse_budget(words.budget, one.context_window) for one in known if words.budget != ""}
    paths = [str(call.path(path)) for path in words.paths]
    rows = inspector.count_texts(words.texts, models) + inspector.count(paths, models)
    names = [f"texts[{index}]" for index in range(len(words.texts))] + words.paths
    counts = []
    for number, row in enumerate(rows):
        # A text is not sent back to whoever sent it.
        row = {**row, "source": names[number // len(models)]}
        if budgets:
            row |= {"budget": budgets[row["model"]], "fits": row["count"] <= budgets[row["model"]]}
        counts.append(row)
    return call.outcome({"counts": counts})


def list_models(call: Call, words: ListModels) -> Outcome:
    """The catalog."""
    inspector = call.inspector
    found = [inspector.model(words.id)] if words.id else list(inspector.models())
    if words.provider:
        providers = sorted({one.provider for one in inspector.models()})
        if words.provider.lower() not in providers:
            raise UsageError(f"there is no provider '{words.provider}'", f"providers: {', '.join(providers)}")
        found = [one for one in found if one.provider == words.provider.lower()]
    return call.outcome({"models": [inspector.model_json(one) for one in found]})


COUNTING = (
    Tool(
        "count_tokens",
        "Count tokens",
        "Tokens of texts, files and folders, per model, with the method of each: exact, reconstructed or estimate.",
        CountTokens,
        Counted,
        count_tokens,
    ),
    Tool(
        "list_models",
        "List models",
        "The catalog of models: windows, limits, prices, and how tokens are counted for each.",
        ListModels,
        Models,
        list_models,
        reads_paths=False,
    ),
)
