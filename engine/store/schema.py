"""All tables of the database, whichever room they are of."""

from __future__ import annotations

from engine.store import telemetry_tables
from engine.store.tables import metadata

__all__ = ["metadata", "telemetry_tables"]
