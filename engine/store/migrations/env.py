"""Run by Alembic: migrate over the connection it was given, in the transaction that is already open."""

from __future__ import annotations

from alembic import context

from engine.store.revisions import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
