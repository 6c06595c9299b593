"""The part of the facade that knows what is installed: plugins, formats, and whether everything is sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.events import Emit, Warned
from engine.plugins import installed, troubles

if TYPE_CHECKING:
    from engine.config import Config
    from engine.usecases.database import Upkeep


class Extended:
    """Tells of plugins, each trouble once; whoever inherits it reports events."""

    _emit: Emit
    _told: set[str]
    cache_status: Callable[[], dict[str, Any]]
    database: Callable[[Config], Upkeep]

    def formats(self) -> tuple[str, ...]:
        """Formats that packs can be written in: packsight's own, then those that installed plugins name."""
        from engine.render.document import FORMATS

        if not installed("packsight.formats"):
            return FORMATS
        from engine.render.plugged import names

        return (*FORMATS, *names())

    def plugins(self) -> list[dict[str, str]]:
        """Installed plugins, each loaded and checked; JSON values.

        Returns:
            Per plugin ``group``, ``name``, ``value``, ``distribution``, ``version``, ``place``, and ``problem``: why it
            is left out, or ``""``.
        """
        from engine.usecases.plugins import plugins_json

        return plugins_json()

    def doctor(self, config: Config | None = None) -> dict[str, Any]:
        """Look at everything that packsight stands on; JSON values. Changes nothing.

        Args:
            config: Settings that name the database; None where they cannot be read, which leaves it out.

        Returns:
            ``sound`` (nothing is broken), ``version`` and ``checks``: per check ``name``, ``state`` (``ok``, ``absent``
            or ``broken``) and ``detail``.
        """
        from engine.usecases.doctor import examine

        status = None if config is None else self.database(config).status
        return examine(self.cache_status, status, self.plugins())

    def _tell_of_plugins(self) -> None:
        for trouble in troubles():
            if trouble.message not in self._told:
                self._told.add(trouble.message)
                self._emit(Warned(trouble.message))
