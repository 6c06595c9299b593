"""Where the trace of an unexpected failure goes: a file, because the screen belongs to the app."""

from __future__ import annotations

from pathlib import Path

FILE = "trouble.log"
MOST_BYTES = 1_000_000
"""Beyond this the file starts anew."""


def write_trace(folder: Path, trace: str) -> Path:
    """Append a trace; a folder that cannot be written is no second failure."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists() or path.stat().st_size > MOST_BYTES
        with path.open("w" if fresh else "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(trace.rstrip() + "\n\n")
    except OSError:
        pass
    return path
