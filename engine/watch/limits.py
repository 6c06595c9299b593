"""What one client may make the stream hold. A client reads these from the ``ready`` event."""

from __future__ import annotations

MESSAGE_BYTES = 16 << 20
"""Longest line a client may send."""
BUFFERS = 256
"""Open at once."""
CHARACTERS = 32 << 20
"""Code points of all open buffers together."""
EDITS = 10_000
"""Edits of one change."""
RANGES = 1_000
"""Ranges of one selection."""
WAITING = 32
"""Requests that wait for work at once: packs, and states that are not settled yet."""
UNREAD = 128
"""Answers that are not read yet; with more of them nothing more is read from the client."""
FILES_TOLD = 500
"""Files that one event about changes on disk names."""


def limits() -> dict[str, int]:
    """The limits by the names of the protocol."""
    return {
        "message_bytes": MESSAGE_BYTES,
        "buffers": BUFFERS,
        "characters": CHARACTERS,
        "edits": EDITS,
        "ranges": RANGES,
        "waiting": WAITING,
        "unread": UNREAD,
        "files_told": FILES_TOLD,
    }
