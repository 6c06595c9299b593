"""Packs that leave the app are written down, as those of the command line are, and what became of their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.live import Settled
from tui import search_facts as ask
from tui.asking import Asking
from tui.state import ViewState

if TYPE_CHECKING:
    from tui.screens.taking import Taking


class Recording(Asking):
    """An app that records a pack when a person copies it or writes it to a file; settings may say no."""

    def __init__(self) -> None:
        super().__init__()
        self._recorded: tuple[Settled | None, str] = (None, "")
        """The pack that was written down last, and its id; ``""`` while that is going on."""

    def on_taking_text_taken(self, message: Taking.TextTaken) -> None:
        """Write the pack down, once however often it is taken."""
        config, settled = self.setup.config, message.settled
        if config is None or not config["record"] or self._recorded[0] is settled:
            return
        self._recorded = (settled, "")
        self.ask(
            "record", lambda engine, live, cancelled: ask.record(engine, config, settled),
            lambda key: self._remember(settled, key),
        )  # fmt: skip

    def _remember(self, settled: Settled, key: str) -> None:
        if self._recorded[0] is settled:
            self._recorded = (settled, key)

    def mark_place(self, what: str, place: str) -> None:
        """Note what became of a place of the pack in force."""
        state: ViewState = self.state
        config, settled = self.setup.config, state.settled
        if config is None or settled is None:
            self.notify("there is no finished pack yet", markup=False)
            return
        known, key = self._recorded
        key = key if known is settled else ""

        def take(found: Any) -> None:
            if isinstance(found, ask.Trouble):
                self.notify(found.words, severity="error", markup=False)
                return
            self._recorded = (settled, found[0])
            self.notify(found[1], markup=False)

        self.ask(
            f"mark {place}", lambda engine, live, cancelled: ask.mark(engine, config, settled, key, what, place), take
        )
