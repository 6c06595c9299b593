"""What packsight remembers.

Two stores with different promises. ``blobs`` is a cache: analyses and counts by blob id, disposable, rebuilt when
damaged, plain ``sqlite3`` because it is read on every start. ``database`` holds what a person would miss (profiles,
budgets, recorded calls, what was learned from them), through SQLAlchemy and embedded migrations, imported only when
needed. No row object leaves this room.
"""
