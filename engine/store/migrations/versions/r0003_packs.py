"""Packs: who made them, of which commit, how long it took, and the count of all that was sent with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAMES = ("made_by", "revision", "seconds", "asked_tokens")


def upgrade() -> None:
    """Add the columns; packs that are there say nothing of it."""
    for name in ("made_by", "revision"):
        op.add_column("telemetry_packs", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("telemetry_packs", sa.Column("seconds", sa.Float()))
    op.add_column("telemetry_packs", sa.Column("asked_tokens", sa.Integer()))


def downgrade() -> None:
    """Remove the columns, and with them what they hold."""
    with op.batch_alter_table("telemetry_packs") as table:
        for name in _NAMES:
            table.drop_column(name)
