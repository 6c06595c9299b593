"""Repositories, their budgets, and their profiles with every version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "repositories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_repositories"),
        sa.UniqueConstraint("identity", name="uq_repositories_identity"),
    )
    op.create_table(
        "budgets",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "model", name="pk_budgets"),
        sa.CheckConstraint("tokens > 0", name="ck_budgets_positive"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.id"], name="fk_budgets_repositories", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profiles"),
        sa.UniqueConstraint("repository_id", "model", "name", name="uq_profiles_repository_id_model_name"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.id"], name="fk_profiles_repositories", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "ix_profiles_one_active",
        "profiles",
        ["repository_id", "model"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "profile_versions",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", "version", name="pk_profile_versions"),
        sa.CheckConstraint("version > 0", name="ck_profile_versions_from_one"),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profiles.id"], name="fk_profile_versions_profiles", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Remove the tables, and with them what they hold."""
    op.drop_table("profile_versions")
    op.drop_table("profiles")
    op.drop_table("budgets")
    op.drop_table("repositories")
