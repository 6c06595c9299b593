"""Tables of the blob cache, and how its file is written."""

from __future__ import annotations

import sqlite3

SCHEMA_VERSION = 3
"""A file of another version is emptied: all of it can be made again."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS head (key BLOB PRIMARY KEY, data BLOB NOT NULL, rows BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS graph (key BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS detail (key BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counts (key BLOB NOT NULL, encoding TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (key, encoding)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS terms (key BLOB PRIMARY KEY, version BLOB NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS snapshot (place TEXT PRIMARY KEY, digest BLOB NOT NULL, data BLOB NOT NULL,
    used_s INTEGER NOT NULL, version BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS made (key BLOB PRIMARY KEY, version BLOB NOT NULL, used_s INTEGER NOT NULL) WITHOUT ROWID;
"""
BLOB_TABLES = ("head", "graph", "detail", "counts", "terms", "made")
TABLES = (*BLOB_TABLES, "snapshot")
_PAGE_BYTES = 16_384
"""Rows of some kilobytes fit such a page whole, which makes a fifth less to write than pages of 4 KB."""
_LOG_BYTES = 8_000_000
"""Folding the log back every 4 MB costs more than writing it, all at the end keeps the user waiting."""


def prepare(db: sqlite3.Connection) -> None:
    """Set a connection up, and make the tables where they are missing or of another version.

    Raises:
        sqlite3.Error: the file is no database, is damaged, or cannot be written.
    """
    # Only a new file takes the size of its pages; one that is there keeps its own.
    db.execute(f"PRAGMA page_size={_PAGE_BYTES}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    page_bytes = db.execute("PRAGMA page_size").fetchone()[0]
    db.execute(f"PRAGMA wal_autocheckpoint={_LOG_BYTES // page_bytes}")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        db.execute("BEGIN IMMEDIATE")
        for name in TABLES:
            db.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in filter(str.strip, SCHEMA.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        db.execute("COMMIT")
