"""Going to where something is shown: a place in the tree, the dialog that learns."""

from __future__ import annotations

from dataclasses import replace

from tui.asking import Asking
from tui.state import Place


class Visiting(Asking):
    """An app whose screens send a person on."""

    def action_learn(self) -> None:
        """Let class weights be proposed."""
        from tui.modals.learning import LearningScreen

        if self.state.chart is not None and not isinstance(self.screen, LearningScreen):
            self.push_screen(LearningScreen())

    def show_place(self, place: Place) -> None:
        """Show a place in the tree of the inspector."""
        from tui.widgets.pack_tree import PackTree

        self.switch_mode("inspector")
        tree = self.screen.query_one(PackTree)
        tree.reveal(place)
        tree.focus()

    def done_asking(self) -> None:
        """Nothing is told of how far a question is any more, once it is answered."""
        if self.state.progress is not None:
            self.state = replace(self.state, progress=None)
