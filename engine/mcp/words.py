"""What tools take: one typed model per tool, and what is wrong with arguments in one line."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from engine.errors import UsageError
from engine.inspector import Inspector
from engine.visible import visible_name

DEFAULT_TOKENS = 20_000
LEAST_TOKENS = 1_000
MOST_TOKENS = 100_000

Why = Literal["", "stop", "length", "tool_use", "filter", "refusal", "context", "error", "unknown"]
"""Words of ``engine.telemetry.words.Finish``."""
Level = Annotated[int, Field(ge=0, le=5)]
Tokens = Annotated[int, Field(ge=0)]


def _formats() -> list[str]:
    """Formats that there are, those of plugins too."""
    with Inspector(use_cache=False) as inspector:
        return ["", *inspector.formats()]


def _known(name: str) -> str:
    if name not in (known := _formats()):
        named = [f"'{one}'" for one in known]
        raise PydanticCustomError("format", f"input should be {', '.join(named[:-1])} or {named[-1]}")
    return name


def _named(schema: dict[str, Any]) -> None:
    """What is installed is known when somebody asks."""
    schema["enum"] = _formats()


Format = Annotated[str, AfterValidator(_known), Field(json_schema_extra=_named)]


class Words(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    max_tokens: int = Field(DEFAULT_TOKENS, ge=LEAST_TOKENS, le=MOST_TOKENS, description="Most tokens of this answer.")
    continue_from: str = Field("", max_length=100, description="From a receipt: gives the next page.")


class OfModel(Words):
    """Tools that count for a model."""

    model: str = Field(
        "", max_length=200, description="Model id or alias (list_models); by default the configured one."
    )


class OfPath(OfModel):
    """Tools that read a repository."""

    path: str = Field(".", max_length=4096, description="Repository or folder, below a root.")


class CountTokens(Words):
    """Texts and files to count."""

    texts: list[str] = Field([], description="Texts to count.")
    paths: list[str] = Field([], description="Files and folders to count.")
    models: list[str] = Field([], description="Models to count for; by default the configured one.")
    budget: int | str = Field("", description="Say of each count whether it fits: 32000, 32k, 40% of the window.")


class ListModels(Words):
    """Which models."""

    id: str = Field("", max_length=200, description="One model by id or alias.")
    provider: str = Field("", max_length=200, description="Only models of this provider.")


class GetBudget(OfPath):
    """Whose budget."""


class SetBudget(OfPath):
    """A budget to save."""

    budget: int | str = Field("", description="32000, 32k, 1M or 40% of the window; 'clear' forgets the saved one.")


class OfFiles(OfPath):
    """Tools that read certain files of a repository."""

    rev: str = Field("", max_length=500, description="Git revision to read instead of the work tree.")
    include: list[str] = Field([], description="Only paths that match one of these globs.")
    exclude: list[str] = Field([], description="No paths that match one of these globs.")


class Scan(OfFiles):
    """What to scan."""


class PackContext(OfFiles):
    """What to pack, into how much, and how."""

    budget: int | str = Field("", description="Tokens of the pack: 32000, 32k, 40%; by default the one in force.")
    query: str = Field("", max_length=20_000, description="What the pack is for: what answers it is worth more.")
    diff: str = Field("", max_length=500, description="Revision since which changes count most, such as 'main...'.")
    format: Format = Field("", description="By default xml for Claude, else markdown.")
    profile: str = Field("", max_length=200, description="Saved profile; 'none' for none; by default the one in use.")
    reserve: int | str = Field("", description="Tokens of the window to keep free for the answer.")
    pins: dict[str, Level] = Field({}, description="Glob to level (0 full … 5 one line): matching files have it.")
    max_level: dict[str, Level] = Field({}, description="Class to its deepest level.")
    weights: dict[str, float] = Field({}, description="Class to its worth against the others.")
    shares: dict[str, str] = Field({}, description="Class to its share of the budget, as '0..20%'.")
    omit: list[str] = Field([], description="Globs that are scanned but left out of the pack.")
    stable: bool = Field(False, description="Keep a long common beginning between packs, for prompt caches.")
    report: Literal["summary", "full"] = Field("summary", description="full: with every chunk, and why it is so.")


class SearchContext(PackContext):
    """What to find."""

    intent: Literal["", "symbol", "config", "api", "incident", "search"] = Field("", description="By default read off.")
    limit: int = Field(20, ge=1, le=1000, description="Hits to list at most.")
    text: bool = Field(True, description="Give the packed text too; false lists the hits alone.")


class Expand(OfPath):
    """A capsule to expand."""

    place: str = Field("", max_length=10_000, description="PATH or PATH:START-END below path, as packs write capsules.")
    level: Level = Field(0, description="0 full, 1 trimmed, 2 condensed, 3 capsule, 4 outline, 5 one line.")
    blob: str = Field("", max_length=64, description="Blob id the file must still have, or the beginning of it.")
    rev: str = Field("", max_length=500, description="Git revision to read instead of the work tree.")


class GetProfile(OfPath):
    """Which profile."""

    name: str = Field("", max_length=200, description="NAME or NAME@VERSION; by default the one in use.")


class SuggestProfile(OfPath):
    """What to suggest a profile for."""


class SaveProfile(OfPath):
    """A profile to save."""

    name: str = Field("", max_length=200, description="Name to save it under.")
    base: str = Field(
        "", max_length=200,
        description="'suggested', 'none' or a saved NAME to begin with; by default NAME itself or the one in use.",
    )  # fmt: skip
    set: dict[str, str | float] = Field(
        {},
        description="Changes: budget, reserve, format, weights.CLASS, shares.CLASS, max_level.CLASS, pins.GLOB.",
    )
    use: bool = Field(False, description="Use it from now on.")


class EstimateOutput(OfModel):
    """A task to estimate."""

    category: str = Field("", max_length=200, description="Kind of work: docs, tests, implementation, …")
    complexity: Literal["", "low", "medium", "high"] = Field("", description="By default medium.")
    deliverables: list[str] = Field([], max_length=1000, description="Files that the answer is to hold.")
    description: str = Field("", max_length=100_000, description="The task in words; not kept.")
    scope: list[str] = Field([], max_length=1000, description="Paths that the task may read or change.")
    provider: str = Field("", max_length=200, description="openai, anthropic or gemini; by default the model's.")
    mode: str = Field("", max_length=200, description="full_file, large_refactor or diff; by default rules decide.")
    hard_cap: Tokens = Field(0, description="Your own limit, in tokens; 0 for none.")
    context_used: Tokens = Field(0, description="Tokens of the window that the prompt takes.")
    streaming: bool = Field(True, description="Whether the answer is streamed.")
    workspace: str = Field("", max_length=4096, description="Folder below a root that paths are relative to.")


class RecordUsage(Words):
    """A call that was made; what is not known is left out."""

    provider: str = Field("", max_length=200, description="Who served the call.")
    model: str = Field("", max_length=200, description="Model of the call.")
    category: str = Field("", max_length=200, description="Kind of work.")
    complexity: Literal["", "low", "medium", "high"] = Field("", description="How hard it was.")
    predicted_output_tokens: Tokens | None = Field(None, description="estimate of estimate_output.")
    selected_budget: Tokens | None = Field(None, description="selected_budget of estimate_output.")
    actual_max_tokens: Tokens | None = Field(None, description="Ceiling that was sent.")
    hard_cap_tokens: Tokens | None = Field(None, description="The caller's own limit.")
    actual_output_tokens: Tokens | None = Field(None, description="Tokens that came back, reasoning included.")
    reasoning_tokens: Tokens | None = Field(None, description="Of those, reasoning.")
    prompt_tokens: Tokens | None = Field(None, description="Tokens of the prompt, cached ones included.")
    cached_tokens: Tokens | None = Field(None, description="Of those, read from a cache.")
    attempt: int | None = Field(None, ge=1, description="1 for the first try.")
    finish: Why = Field("", description="Why it ended.")
    failed: bool = Field(False, description="The call gave no answer that could be used.")
    at: str = Field("", max_length=60, description="When it began, ISO 8601; by default now.")
    dedupe_key: str = Field("", max_length=200, description="Unique name of the call; the same again updates it.")


class TelemetryReport(Words):
    """Which calls."""

    since: str = Field("", max_length=60, description="From 2026-11-20, 2026-11-20T12:00, 7d or 24h ago on.")
    until: str = Field("", max_length=60, description="Before this moment.")
    providers: list[str] = Field([], description="Only calls to these.")
    models: list[str] = Field([], description="Only calls of these models.")
    categories: list[str] = Field([], description="Only these kinds of work.")
    complexities: list[str] = Field([], description="Only these complexities.")
    daily: bool = Field(False, description="By day as well.")


def read_words(words: type[Words], given: dict[str, Any] | None) -> Words:
    """Check arguments; null is the same as nothing.

    Raises:
        UsageError: names the first argument that is wrong, and the nearest valid choice.
    """
    said = {name: value for name, value in (given or {}).items() if value is not None}
    unknown = [name for name in said if name not in words.model_fields]
    if unknown:
        near = difflib.get_close_matches(unknown[0], words.model_fields, 1)
        raise UsageError(
            f"there is no argument '{visible_name(unknown[0][:60])}'",
            f"did you mean {near[0]}?" if near else f"arguments: {', '.join(words.model_fields)}",
        )
    try:
        return words.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"][:2])
        value = visible_name(str(first["input"])[:60])
        field = words.model_fields[str(first["loc"][0])] if first["loc"] else None
        hint = field.description if field is not None and field.description else ""
        reason = first["msg"][:1].lower() + first["msg"][1:]
        raise UsageError(f"{visible_name(name[:200])} cannot be '{value}': {reason}", hint) from None
