"""What a screen with a preview asks the engine for: its text, why it has its level, where tokens end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.screen import Screen

from tui.widgets.preview_pane import PreviewPane

if TYPE_CHECKING:
    from tui.app import PacksightApp


class Previewing(Screen[None]):
    """A screen that has one ``PreviewPane``; a hidden one is asked nothing for."""

    @on(PreviewPane.ExcerptWanted)
    def _read(self, message: PreviewPane.ExcerptWanted) -> None:
        if self.query_one(PreviewPane).display:
            main = cast("PacksightApp", self.app)
            main.read(message.key, message.place, message.level, self.query_one(PreviewPane).take)

    @on(PreviewPane.WhyWanted)
    def _explain(self, message: PreviewPane.WhyWanted) -> None:
        main, pane = cast("PacksightApp", self.app), self.query_one(PreviewPane)
        pack = main.state.pack
        if pack is not None and pane.display:
            main.ask(
                "why",
                lambda engine, live, cancelled: live and live.why(pack, message.chunk),
                lambda why: setattr(pane, "why", why),
            )

    @on(PreviewPane.TokensWanted)
    def _cut(self, message: PreviewPane.TokensWanted) -> None:
        main, pane = cast("PacksightApp", self.app), self.query_one(PreviewPane)
        main.ask(
            "tokens",
            lambda engine, live, cancelled: live and tuple(live.token_ends(message.text)),
            lambda ends: setattr(pane, "token_ends", ends),
        )
