"""Tables of the blob cache."""

from __future__ import annotations

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
