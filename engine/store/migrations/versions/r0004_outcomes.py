"""What packs showed, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT, _INT, _BIG = sa.Text(), sa.Integer(), sa.BigInteger()


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "outcome_packs",
        sa.Column("id", _INT, nullable=False),
        sa.Column("pack_id", _TEXT, nullable=False),
        sa.Column("at_us", _BIG, nullable=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("repository", "root", "revision", "model", "profile")),
        sa.Column("budget_tokens", _INT, nullable=False),
        sa.Column("actual_tokens", _INT, nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("expected", _TEXT, nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("sent_tokens", _INT),
        sa.Column("output_tokens", _INT),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_packs"),
        sa.UniqueConstraint("pack_id", name="uq_outcome_packs_pack_id"),
    )
    op.create_index("ix_outcome_packs_at_us", "outcome_packs", ["at_us"])
    keys = ("pack_row", "what", "path", "start_line", "end_line")
    op.create_table(
        "outcome_marks",
        sa.Column("pack_row", _INT, nullable=False),
        sa.Column("what", _TEXT, nullable=False),
        sa.Column("path", _TEXT, nullable=False),
        sa.Column("start_line", _INT, autoincrement=False, nullable=False),
        sa.Column("end_line", _INT, autoincrement=False, nullable=False),
        sa.Column("at_us", _BIG, nullable=False),
        sa.Column("class", _TEXT, nullable=False),
        sa.Column("level", _INT, nullable=False),
        sa.PrimaryKeyConstraint(*keys, name="pk_outcome_marks"),
        sa.ForeignKeyConstraint(
            ["pack_row"], ["outcome_packs.id"], name="fk_outcome_marks_outcome_packs", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Remove the tables, and with them what they hold."""
    op.drop_table("outcome_marks")
    op.drop_table("outcome_packs")
