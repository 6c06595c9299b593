"""The tables of calls and packs, of figures about them by day, and of what the estimator learned.

A cell holds what calls are filtered and grouped by, once for all its calls. A day's figures of a cell are kept with
every write, so that no report has to read a million calls.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from engine.store.tables import Moment, metadata

cells = Table(
    "telemetry_cells",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("category", Text, nullable=False),
    Column("complexity", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    UniqueConstraint("category", "complexity", "provider", "model", "outcome"),
)
"""Combinations that occur; an unknown part is ``""``."""

_TEXTS = (
    "stop_reason", "mode", "effort", "estimator_version", "trace", "escalation_reason", "escalation_base_source",
    "deliverables", "context_quality", "sot_file_name", "run_id", "phase_id", "session_id", "request_id",
    "response_id", "pack_key", "catalog_as_of",
)  # fmt: skip
_COUNTS = (
    "predicted_output_tokens", "selected_budget", "actual_max_tokens", "hard_cap_tokens", "actual_output_tokens",
    "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens", "escalation_base_tokens",
    "sot_entry_count_hint",
)  # fmt: skip
_FLAGS = (
    "truncated", "api_reference_required", "examples_required", "research_required", "usage_guide_required",
    "is_sot_file",
)  # fmt: skip

events = Table(
    "telemetry_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cell_id", ForeignKey("telemetry_cells.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    *(Column(name, Text, nullable=False, server_default=text("''")) for name in _TEXTS),
    *(Column(name, Text, nullable=False, server_default="unknown") for name in ("ceiling_source", "finish")),
    *(Column(name, Integer) for name in _COUNTS),
    *(Column(name, Boolean) for name in _FLAGS),
    *(Column(name, Boolean, nullable=False, server_default=true()) for name in ("success", "complete")),
    *(Column(name, Float) for name in ("confidence", "escalation_factor", "duration_s")),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("deliverable_count", Integer, nullable=False, server_default="0"),
    Column("cost_nanousd", BigInteger),
    UniqueConstraint("source", "dedupe_key"),
    Index("ix_telemetry_events_at_us", "at_us", "cell_id"),
    Index("ix_telemetry_events_cell_id", "cell_id", "at_us"),
)
"""One row per attempt at a call; ``at_us`` is microseconds since 1970 in UTC, an unknown text ``""``."""

days = Table(
    "telemetry_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("cell_id", ForeignKey("telemetry_cells.id"), primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("judged", Integer, nullable=False),
    Column("rated", Integer, nullable=False),
    Column("measured", Integer, nullable=False),
    Column("predicted", Integer, nullable=False),
    Column("smape_sum", Float, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("cached_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("reasoning_tokens", BigInteger, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    Column("used_tokens", BigInteger, nullable=False),
    Column("cost_nanousd", BigInteger, nullable=False),
    Column("priced", Integer, nullable=False),
    Column("ceiling_waste", LargeBinary, nullable=False),
    Column("intent_waste", LargeBinary, nullable=False),
    Column("prediction_ratio", LargeBinary, nullable=False),
)
"""Sums and histograms of a cell's calls of one day (UTC); ``engine.telemetry.rollup`` says what each column is."""

packs = Table(
    "telemetry_packs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("repository", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("budget_tokens", Integer, nullable=False),
    Column("est_used_tokens", Integer, nullable=False),
    Column("actual_tokens", Integer, nullable=False),
    Column("quality", Float, nullable=False),
    Column("profile", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("sent_tokens", Integer),
    Column("made_by", Text, nullable=False, server_default=text("''")),
    Column("revision", Text, nullable=False, server_default=text("''")),
    Column("seconds", Float),
    Column("asked_tokens", Integer),
    UniqueConstraint("dedupe_key"),
    Index("ix_telemetry_packs_at_us", "at_us"),
)
"""Packs that were made."""

refusals = Table(
    "telemetry_refusals",
    metadata,
    Column("source", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("last_at", Moment, nullable=False),
)
"""How many rows were refused as impossible, by who wrote them and why."""

places = Table(
    "telemetry_places",
    metadata,
    Column("source", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
"""How far an importer read each place (a file, a table), in its own words."""

versions = Table(
    "estimator_versions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("name"),
)
"""Everything an estimator version holds, as JSON; rows are added, never changed."""

moves = Table(
    "estimator_moves",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("version", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("moved_at", Moment, nullable=False),
)
"""Which version was made current, when and why; the last row says which one is. ``""`` is the shipped tables."""
