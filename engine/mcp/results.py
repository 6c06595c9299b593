"""What tools answer: the keys of the command line's JSON, typed. Later pages hold only what goes on."""

from __future__ import annotations

from typing import Any, Literal, Required

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

_MORE = ConfigDict(extra="allow")
"""Keys may be added."""


class Receipt(TypedDict):
    """What this page is, and how to go on."""

    tokens: int
    max_tokens: int
    complete: bool
    continue_from: str | None
    expires_in_s: int | None
    slices: list[dict[str, int | str]]
    """``name``, ``from``, ``to`` and ``of`` of each part that this page does not hold whole."""


@with_config(_MORE)
class Result(TypedDict, total=False):
    """What every answer holds."""

    receipt: Required[Receipt]
    warnings: list[str]


class Count(TypedDict, total=False):
    """Tokens of one thing for one model."""

    source: str
    model: str
    encoding: str
    method: Literal["exact", "reconstructed", "estimate"]
    count: int
    context_size: int
    usage_percent: float
    error_band: list[int]
    budget: int
    fits: bool


class Counted(Result, total=False):
    """``count_tokens``."""

    counts: list[Count]


class ModelRow(TypedDict, total=False):
    """A model of the catalog."""

    id: str
    aliases: list[str]
    provider: str
    context_window: int
    max_input: int
    max_output: int
    price_in: float | None
    price_out: float | None
    encoding: str
    method: str
    as_of: str
    error_band: list[float]
    claim: str
    source: str


class Models(Result, total=False):
    """``list_models``."""

    models: list[ModelRow]


class Budget(Result, total=False):
    """``get_budget`` and ``set_budget``."""

    repository: str
    model: str
    budget: int | None
    saved_at: str | None
    in_force: int
    origin: str
    context_window: int


class Scanned(Result, total=False):
    """``scan``."""

    root: str
    kind: str
    revision: str
    model: str
    encoding: str
    method: str
    context_window: int
    files: int
    chunks: int
    tokens: int
    classes: dict[str, dict[str, Any]]
    languages: dict[str, dict[str, Any]]
    directories: dict[str, dict[str, Any]]
    levels: dict[str, int]
    skipped: list[dict[str, Any]]
    cache: dict[str, int]
    seconds: dict[str, float]
    profile: str


@with_config(_MORE)
class Report(TypedDict, total=False):
    """What a pack holds and costs."""

    model: str
    encoding: str
    method: str
    budget: int
    est_used: int
    actual: int
    reserve: int
    context_window: int
    quality: float
    intent: str
    query: str
    profile: str
    fits: bool
    levels: dict[str, dict[str, int]]
    classes: dict[str, dict[str, Any]]
    items: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    seconds: dict[str, float]


class Packed(Result, total=False):
    """``pack_context``."""

    pack_id: str
    text: str
    report: Report


class Found(Result, total=False):
    """``search_context``."""

    pack_id: str
    query: str
    intent: str
    confidence: float
    matches: int
    results: list[dict[str, Any]]
    token_report: Report
    text: str


class Expanded(Result, total=False):
    """``expand``."""

    path: str
    start_line: int
    end_line: int
    level: int
    blob: str
    model: str
    encoding: str
    method: str
    tokens: int
    text: str


class Profile(Result, total=False):
    """``get_profile``, ``suggest_profile`` and ``save_profile``."""

    repository: str
    model: str
    profile: dict[str, Any] | None
    says: list[str]
    changes: list[str]
    reasons: list[dict[str, str]]
    layers: list[dict[str, Any]]
    profiles: list[dict[str, Any]]


class Estimated(Result, total=False):
    """``estimate_output``."""

    category: str
    complexity: str
    provider: str
    model: str
    estimate: int
    quantiles: dict[str, int]
    selected_budget: int
    actual_max_tokens: int
    hard_cap: int | None
    confidence: float
    samples: int
    estimator_version: str
    mode: dict[str, Any]
    trace: list[dict[str, Any]]


class Recorded(Result, total=False):
    """``record_usage``."""

    added: int
    updated: int
    unchanged: int
    dedupe_key: str


class Telemetry(Result, total=False):
    """``telemetry_report``."""

    groups: list[dict[str, Any]]
    total: dict[str, Any]
    refused: list[dict[str, Any]]
    days: list[dict[str, Any]]
