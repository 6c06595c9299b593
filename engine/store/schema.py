"""All tables of the database, whichever room they are of."""

from __future__ import annotations

from engine.store import outcome_tables, telemetry_tables
from engine.store.tables import metadata

__all__ = ["metadata", "outcome_tables", "telemetry_tables"]
