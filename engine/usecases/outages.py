"""The part of the facade that knows of trouble with a team's server, and tells of it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events import Emit, Warned

if TYPE_CHECKING:
    from engine.errors import PacksightError
    from engine.store.team.copy import LastKnown


class Outages:
    """Collects trouble while a request is settled and answered, so that a person reads one line of it."""

    _emit: Emit
    _outage: str = ""
    """What is wrong with the server."""
    _stand_in: str = "the local cache"
    """What is used in its place."""
    _told_of_outage: bool = False

    def _note_outage(self, trouble: PacksightError, copy: LastKnown | None = None) -> None:
        """Remember the first trouble with the server, and that a copy of what it held is read."""
        self._outage = self._outage or trouble.message
        if copy is not None:
            self._stand_in = f"the local cache, and profiles and budgets as they were {_ago(copy.age_s)}"

    def _tell_outage(self) -> None:
        """Say once what is wrong with the server, and what is used in its place."""
        if self._outage and not self._told_of_outage:
            self._told_of_outage = True
            self._emit(Warned(f"{self._outage}; going on with {self._stand_in}"))


def _ago(age_s: float) -> str:
    """How long ago, in the largest unit that fits: the age of a copy is no matter of seconds."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        number = int(age_s // seconds)
        if number:
            return f"{number:,} {unit}{'s' if number != 1 else ''} ago"
    return "a moment ago"
