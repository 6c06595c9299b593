"""Levels: how a chunk looks when it may cost less, and how much of it then remains.

In: the text of a file, its chunks with one role per line, and a class per chunk. Out: per chunk a ``Ladder`` of byte
edits for levels 1 to 3, the name fragment of level 4 and the measured retention of every level. What each class keeps
is data (``levels.toml``). Every line that a level keeps is verbatim; deeper levels keep a subset of the lines.
This room must not parse, classify, count tokens or write capsule lines.

Names are loaded when they are first used: applying edits needs nothing of what making them needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.levels.degrading import Degraded, degrade
    from engine.levels.ladder import MARKER, Ladder, LevelEdits, text_at
    from engine.levels.packed import PackedEdits, pack_edits, unpack_edits
    from engine.levels.recipe import restored

__all__ = [
    "MARKER",
    "Degraded",
    "Ladder",
    "LevelEdits",
    "PackedEdits",
    "degrade",
    "pack_edits",
    "restored",
    "text_at",
    "unpack_edits",
]

__getattr__ = names(
    __name__,
    {
        "MARKER": "ladder",
        "Degraded": "degrading",
        "Ladder": "ladder",
        "LevelEdits": "ladder",
        "PackedEdits": "packed",
        "degrade": "degrading",
        "pack_edits": "packed",
        "restored": "recipe",
        "text_at": "ladder",
        "unpack_edits": "packed",
    },
)
