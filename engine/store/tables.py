"""The tables of what a person would miss. A revision in ``migrations`` makes each of them; a test keeps both equal."""

from __future__ import annotations

import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All tables. Constraints have names, because SQLite can only change a table whose constraints it can name."""


class Moment(TypeDecorator[datetime.datetime]):
    """A moment in UTC; SQLite has no time zones, so they are taken off and put on here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Store UTC."""
        return None if value is None else value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


repositories = Table(
    "repositories",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Text, nullable=False),
    UniqueConstraint("identity"),
)
"""One row per repository, known by ``engine.walk.repository_identity``."""

budgets = Table(
    "budgets",
    metadata,
    Column("repository_id", ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
    CheckConstraint("tokens > 0", name="positive"),
)
"""The budget of a repository and model id, in tokens."""

profiles = Table(
    "profiles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("repository_id", ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    Column("model", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("repository_id", "model", "name"),
    Index(
        "ix_profiles_one_active",
        "repository_id",
        "model",
        unique=True,
        sqlite_where=text("active"),
        postgresql_where=text("active"),
    ),
)
"""Named profiles of a repository and model id, at most one of them active."""

profile_versions = Table(
    "profile_versions",
    metadata,
    Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    CheckConstraint("version > 0", name="from_one"),
)
"""Every body a profile ever had, numbered from 1; rows are added, never changed."""
