"""Calls, packs, figures by day, and versions of the estimator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT, _INT, _BIG, _BOOL, _FLOAT = sa.Text(), sa.Integer(), sa.BigInteger(), sa.Boolean(), sa.Float()
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _cells()
    _events()
    _days()
    _packs()
    _rest()


def downgrade() -> None:
    """Remove the tables, and with them what they hold."""
    for name in (
        "estimator_moves", "estimator_versions", "telemetry_places", "telemetry_refusals", "telemetry_packs",
        "telemetry_days", "telemetry_events", "telemetry_cells",
    ):  # fmt: skip
        op.drop_table(name)


def _cells() -> None:
    parts = ("category", "complexity", "provider", "model", "outcome")
    op.create_table(
        "telemetry_cells",
        sa.Column("id", _INT, nullable=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in parts),
        sa.PrimaryKeyConstraint("id", name="pk_telemetry_cells"),
        sa.UniqueConstraint(*parts, name="uq_telemetry_cells_category_complexity_provider_model_outcome"),
    )


def _events() -> None:
    # Columns with a default are those that most logs leave alone; writers name only what they have.
    texts = (
        "stop_reason", "mode", "effort", "estimator_version", "trace", "escalation_reason", "escalation_base_source",
        "deliverables", "context_quality", "sot_file_name", "run_id", "phase_id", "session_id", "request_id",
        "response_id", "pack_key", "catalog_as_of",
    )  # fmt: skip
    unknown_counts = (
        "predicted_output_tokens", "selected_budget", "actual_max_tokens", "hard_cap_tokens", "actual_output_tokens",
        "reasoning_tokens", "prompt_tokens", "cached_tokens", "cache_write_tokens", "escalation_base_tokens",
        "sot_entry_count_hint",
    )  # fmt: skip
    unknown_flags = (
        "truncated", "api_reference_required", "examples_required", "research_required", "usage_guide_required",
        "is_sot_file",
    )  # fmt: skip
    op.create_table(
        "telemetry_events",
        sa.Column("id", _INT, nullable=False),
        sa.Column("cell_id", _INT, nullable=False),
        sa.Column("at_us", _BIG, nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("dedupe_key", _TEXT, nullable=False),
        *(sa.Column(name, _TEXT, nullable=False, server_default=sa.text("''")) for name in texts),
        *(sa.Column(name, _TEXT, nullable=False, server_default="unknown") for name in ("ceiling_source", "finish")),
        *(sa.Column(name, _INT, nullable=True) for name in unknown_counts),
        *(sa.Column(name, _BOOL, nullable=True) for name in unknown_flags),
        *(sa.Column(name, _BOOL, nullable=False, server_default=sa.true()) for name in ("success", "complete")),
        *(sa.Column(name, _FLOAT, nullable=True) for name in ("confidence", "escalation_factor", "duration_s")),
        sa.Column("attempt", _INT, nullable=False, server_default="1"),
        sa.Column("deliverable_count", _INT, nullable=False, server_default="0"),
        sa.Column("cost_nanousd", _BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_telemetry_events"),
        sa.UniqueConstraint("source", "dedupe_key", name="uq_telemetry_events_source_dedupe_key"),
        sa.ForeignKeyConstraint(["cell_id"], ["telemetry_cells.id"], name="fk_telemetry_events_telemetry_cells"),
    )
    op.create_index("ix_telemetry_events_at_us", "telemetry_events", ["at_us", "cell_id"])
    op.create_index("ix_telemetry_events_cell_id", "telemetry_events", ["cell_id", "at_us"])


def _days() -> None:
    counts = ("n", "judged", "rated", "measured", "predicted")
    sums = ("prompt_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "reserved_tokens", "used_tokens")
    op.create_table(
        "telemetry_days",
        sa.Column("day", _INT, autoincrement=False, nullable=False),
        sa.Column("cell_id", _INT, autoincrement=False, nullable=False),
        *(sa.Column(name, _INT, nullable=False) for name in counts),
        sa.Column("smape_sum", _FLOAT, nullable=False),
        *(sa.Column(name, _BIG, nullable=False) for name in (*sums, "cost_nanousd")),
        sa.Column("priced", _INT, nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("ceiling_waste", "intent_waste", "prediction_ratio")
        ),
        sa.PrimaryKeyConstraint("day", "cell_id", name="pk_telemetry_days"),
        sa.ForeignKeyConstraint(["cell_id"], ["telemetry_cells.id"], name="fk_telemetry_days_telemetry_cells"),
    )


def _packs() -> None:
    op.create_table(
        "telemetry_packs",
        sa.Column("id", _INT, nullable=False),
        sa.Column("at_us", _BIG, nullable=False),
        *(
            sa.Column(name, _TEXT, nullable=False)
            for name in ("dedupe_key", "repository", "model", "encoding", "method")
        ),
        *(sa.Column(name, _INT, nullable=False) for name in ("budget_tokens", "est_used_tokens", "actual_tokens")),
        sa.Column("quality", _FLOAT, nullable=False),
        sa.Column("profile", _TEXT, nullable=False),
        sa.Column("intent", _TEXT, nullable=False),
        sa.Column("sent_tokens", _INT),
        sa.PrimaryKeyConstraint("id", name="pk_telemetry_packs"),
        sa.UniqueConstraint("dedupe_key", name="uq_telemetry_packs_dedupe_key"),
    )
    op.create_index("ix_telemetry_packs_at_us", "telemetry_packs", ["at_us"])


def _rest() -> None:
    op.create_table(
        "telemetry_refusals",
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("rows", _BIG, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "reason", name="pk_telemetry_refusals"),
    )
    op.create_table(
        "telemetry_places",
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("place", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "place", name="pk_telemetry_places"),
    )
    op.create_table(
        "estimator_versions",
        sa.Column("number", _INT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("body", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_estimator_versions"),
        sa.UniqueConstraint("name", name="uq_estimator_versions_name"),
    )
    op.create_table(
        "estimator_moves",
        sa.Column("number", _INT, nullable=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("action", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.Column("moved_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_estimator_moves"),
    )
