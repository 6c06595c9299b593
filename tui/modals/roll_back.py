"""Asked before the estimator goes back to the version before: what that undoes, and all changes there were."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from tui.calibration_facts import Facts, Move
from tui.text import content, fit
from tui.widgets.names import shown_name

_MOST_SHOWN = 8
_NOTE_CELLS = 44


class RollBack(ModalScreen[bool | None]):
    """Go back or stay; dismisses with True to go back."""

    # Above the app's own style sheet, which has rules for all dialogs.
    CSS = """
    RollBack .dialog { width: 84; padding: 0 1; }
    RollBack #moves { width: 100%; height: auto; margin: 1 0; }
    RollBack Horizontal { height: auto; width: auto; }
    RollBack Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,y", "answer(True)", "Roll back", id="roll-back.go", tooltip="Undo what was applied last"),
        Binding("escape,n", "answer(False)", "Stay", id="roll-back.stay", tooltip="Keep the version in force"),
    ]

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    def compose(self) -> ComposeResult:
        """Ask."""
        facts = self._facts
        with Vertical(classes="dialog pane"):
            yield Label(content(f"From {shown_name(facts.version, 30)} to {shown_name(version_before(facts), 30)}."))
            yield Label("Later decisions follow; recorded calls and kept versions stay.", classes="hint")
            with Vertical(id="moves"):
                for move in facts.history[-_MOST_SHOWN:]:
                    yield Label(content(move_words(move)))
                if len(facts.history) > _MOST_SHOWN:
                    yield Label("earlier ones: packsight calibrate --history", classes="hint")
            with Horizontal():
                yield Button("Roll back (r)", variant="primary", id="go")
                yield Button("Stay (esc)", id="stay")

    def on_mount(self) -> None:
        """Name the dialog."""
        self.query_one(".dialog").border_title = "Roll back"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of a button."""
        self.dismiss(event.button.id == "go")

    def action_answer(self, answer: bool) -> None:
        """Give the answer."""
        self.dismiss(answer)


def version_before(facts: Facts) -> str:
    """What is in force after the last application is undone."""
    line: list[str] = []
    for move in facts.history:
        if move.action == "rollback":
            line = line[:-1]
        else:
            line.append(move.version)
    return line[-2] if len(line) > 1 else "the shipped tables"


def move_words(move: Move) -> str:
    """One change on one line."""
    when = move.at[:16].replace("T", " ")
    name = fit(shown_name(move.version, 14), 14)
    return f"{when}  {fit(move.action, 9)} {name} {shown_name(move.note, _NOTE_CELLS)}"
