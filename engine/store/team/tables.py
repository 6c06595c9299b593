"""Tables of the shared cache, and the questions that are put to them.

They are made by the cache itself, not by a migration: all of it can be made again, and programs of several versions
use one server. What a row depends on is part of its key, so another layout gets other tables.
"""

from __future__ import annotations

LAYOUT = 1
"""Changes with the columns and with what is in them."""
BLOBS, COUNTS, CLAIMS = (f"packsight_{name}_{LAYOUT}" for name in ("blobs", "counts", "claims"))
LOCK_KEY = 0x7061636C
"""Key of the advisory lock under which tables are made: two sessions that make one at once would both fail."""
UNUSED_DAYS = 60
"""Analyses that no version of the program made or asked for in this time go."""

# Rows are compressed already; EXTERNAL keeps the server from trying again.
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS {BLOBS} (version bytea NOT NULL, key bytea NOT NULL, used date NOT NULL
    DEFAULT current_date, sum bytea NOT NULL, body bytea NOT NULL, detail bytea NOT NULL, PRIMARY KEY (version, key));
CREATE TABLE IF NOT EXISTS {COUNTS} (version bytea NOT NULL, key bytea NOT NULL, encoding text NOT NULL,
    used date NOT NULL DEFAULT current_date, sum bytea NOT NULL, body bytea NOT NULL,
    PRIMARY KEY (version, key, encoding));
CREATE UNLOGGED TABLE IF NOT EXISTS {CLAIMS} (version bytea NOT NULL, key bytea NOT NULL, encoding text NOT NULL,
    owner bytea NOT NULL, until timestamptz NOT NULL, PRIMARY KEY (version, key, encoding));
ALTER TABLE {BLOBS} ALTER body SET STORAGE EXTERNAL, ALTER detail SET STORAGE EXTERNAL;
ALTER TABLE {COUNTS} ALTER body SET STORAGE EXTERNAL;
"""
"""``used`` is the day on which a row was written or last noted as read, and is all that ageing goes by."""

IS_THERE = f"SELECT to_regclass('{CLAIMS}') IS NOT NULL"

ASK = f"""
SELECT blob.key, blob.sum, blob.body, blob.detail, counts.sum, counts.body, counts.used < current_date - 7
FROM unnest(%(keys)s::bytea[]) AS wanted (key)
JOIN {BLOBS} AS blob ON blob.version = %(version)s AND blob.key = wanted.key
JOIN {COUNTS} AS counts ON counts.version = %(counter)s AND counts.key = wanted.key
    AND counts.encoding = %(encoding)s
"""  # noqa: S608  fixed names
ASK_COUNTS = f"""
SELECT counts.key, counts.sum, counts.body FROM unnest(%(keys)s::bytea[]) AS wanted (key)
JOIN {COUNTS} AS counts ON counts.version = %(counter)s AND counts.key = wanted.key AND counts.encoding = %(encoding)s
"""  # noqa: S608
PUT = f"""
INSERT INTO {BLOBS} (version, key, sum, body, detail)
SELECT %(version)s, * FROM unnest(%(keys)s::bytea[], %(sums)s::bytea[], %(bodies)s::bytea[], %(details)s::bytea[])
ON CONFLICT DO NOTHING
"""  # noqa: S608
PUT_COUNTS = f"""
INSERT INTO {COUNTS} (version, key, encoding, sum, body)
SELECT %(counter)s, made.key, %(encoding)s, made.sum, made.body
FROM unnest(%(keys)s::bytea[], %(sums)s::bytea[], %(bodies)s::bytea[]) AS made (key, sum, body)
ON CONFLICT DO NOTHING
"""  # noqa: S608
DROP = f"DELETE FROM {BLOBS} WHERE version = %(version)s AND key = ANY(%(keys)s::bytea[])"  # noqa: S608
DROP_COUNTS = (
    f"DELETE FROM {COUNTS} WHERE version = %(counter)s AND encoding = %(encoding)s "  # noqa: S608
    "AND key = ANY(%(keys)s::bytea[])"
)
CLAIM = f"""
WITH mine AS (
    INSERT INTO {CLAIMS} AS claim (version, key, encoding, owner, until)
    SELECT %(counter)s, wanted.key, %(encoding)s, %(owner)s, now() + make_interval(secs => %(lease_s)s)
    FROM unnest(%(keys)s::bytea[]) AS wanted (key)
    ON CONFLICT (version, key, encoding) DO UPDATE SET owner = excluded.owner, until = excluded.until
    WHERE claim.until < now() OR claim.owner = excluded.owner
    RETURNING key
)
SELECT mine.key, EXISTS (
    SELECT FROM {COUNTS} AS counts
    WHERE counts.version = %(counter)s AND counts.key = mine.key AND counts.encoding = %(encoding)s
) FROM mine
"""  # noqa: S608
"""Gives what nobody else is at, and whether somebody has finished it already."""
RELEASE = f"DELETE FROM {CLAIMS} WHERE owner = %(owner)s OR until < now()"  # noqa: S608
NOTE_USED = f"UPDATE {BLOBS} SET used = current_date WHERE version = %(version)s AND key = ANY(%(keys)s::bytea[])"  # noqa: S608
NOTE_USED_COUNTS = (
    f"UPDATE {COUNTS} SET used = current_date WHERE version = %(counter)s AND encoding = %(encoding)s "  # noqa: S608
    "AND key = ANY(%(keys)s::bytea[])"
)
AGE = tuple(
    f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} "  # noqa: S608
    f"WHERE used < current_date - {UNUSED_DAYS} LIMIT 5000))"
    for table in (BLOBS, COUNTS)
)
"""A bounded piece of tidying, run after writing; deleting a few thousand rows takes some milliseconds."""
HELD = f"""
SELECT (SELECT count(*) FROM {BLOBS}), (SELECT count(*) FROM {COUNTS}),
pg_total_relation_size('{BLOBS}') + pg_total_relation_size('{COUNTS}')
"""  # noqa: S608
