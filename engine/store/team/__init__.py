"""What a team shares through its server beside the database: analyses of blobs, and work in progress.

In: misses of the local cache, and what this machine analysed. Out: analyses that other machines made, checked before
they are believed. The local cache stays the first level; the server is asked in bulk, for misses only, by ``psycopg``
without SQLAlchemy, and only where a server is named. Rows of a server are data from strangers: this room must never
let one of them raise, nor hand on a shape that the analyser could not have made, and it must never keep anybody
waiting for a server that is in trouble.
"""
