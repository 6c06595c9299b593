"""The editor stream: live counts of what is open in an editor, and what they leave of the budget, on stdin and stdout.

In: requests of one client, one JSON object a line, and changes of files on disk. Out: one answer per request that has
an id, and events, one JSON object a line (``docs/editor.md`` describes each). Three threads beside the reader: one
counts buffers, one scans and packs, one writes; nobody waits for anybody else's work.

It must not: read a path outside the root, write anything but the protocol to stdout, hold more than its limits of what
a client sends or does not read, or decide anything about packs (that is asked of ``engine.inspector``).
"""
