"""The schema's history, shipped inside the package: one revision a file in ``versions``, oldest ``0001``.

In: an open connection, handed over by ``engine.store.migrate``. Out: the tables of ``engine.store.tables``. Nothing
here may commit, open a connection, or import the tables: a revision describes the schema of its own day.
A new revision also goes into ``engine.store.revisions.SHIPPED``.
"""
