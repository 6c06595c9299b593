"""What calls of models were allowed and what they used: the event, its rules, and what is learned from many.

In: one ``Event`` per attempt, from the recorder, from importers of other programs' logs, from providers. Out: figures
and proposals. Events hold counts, names and decisions, never a prompt or an answer. Tables are the store's business:
nothing here knows a database, and nothing here changes a budget by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.telemetry.check import Impossible, ImpossibleEvent, impossible, require_possible
    from engine.telemetry.event import Event
    from engine.telemetry.words import CeilingSource, Finish, Outcome

__all__ = [
    "CeilingSource",
    "Event",
    "Finish",
    "Impossible",
    "ImpossibleEvent",
    "Outcome",
    "impossible",
    "require_possible",
]

# Every pack writes down an event of its own, and needs none of these for it.
__getattr__ = names(
    __name__,
    {
        **dict.fromkeys(("Impossible", "ImpossibleEvent", "impossible", "require_possible"), "check"),
        "Event": "event",
        **dict.fromkeys(("CeilingSource", "Finish", "Outcome"), "words"),
    },
)
