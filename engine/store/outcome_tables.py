"""Tables of what packs showed and what became of it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.tables import metadata

packs = Table(
    "outcome_packs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pack_id", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("repository", Text, nullable=False),
    Column("root", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("budget_tokens", Integer, nullable=False),
    Column("actual_tokens", Integer, nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("expected", Text, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("sent_tokens", Integer),
    Column("output_tokens", Integer),
    UniqueConstraint("pack_id"),
    Index("ix_outcome_packs_at_us", "at_us"),
)
"""Packs; ``expected`` is JSON, ``places`` compressed JSON of places and levels. No text of the repository."""

marks = Table(
    "outcome_marks",
    metadata,
    Column("pack_row", ForeignKey("outcome_packs.id", ondelete="CASCADE"), primary_key=True),
    Column("what", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("start_line", Integer, primary_key=True, autoincrement=False),
    Column("end_line", Integer, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("class", Text, nullable=False),
    Column("level", Integer, nullable=False),
)
"""What became of places of packs; the same again is the same row."""
