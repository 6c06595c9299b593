"""Choose a theme, seeing each at once; escape goes back to the one before."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from themes import shipped
from tui.text import content


class ThemePicker(ModalScreen[str | None]):
    """A list of themes; ours first."""

    DEFAULT_CSS = """
    ThemePicker { align: right middle; background: transparent; }
    ThemePicker .dialog { width: 36; height: 80%; margin: 1 2; }
    ThemePicker OptionList { height: 1fr; border: none; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="theme.back", tooltip="Keep the theme as it was"),
        Binding("j", "move('down')", "Down", id="theme.down", tooltip="Next theme", show=False),
        Binding("k", "move('up')", "Up", id="theme.up", tooltip="Theme before", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._before = ""

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        titles = {theme.name: theme.title for theme in shipped()}
        others = sorted(name for name in self.app.available_themes if name not in titles)
        names = [*titles, *others]
        with Vertical(classes="dialog"):
            yield Label("Theme")
            yield OptionList(*(Option(content(titles.get(name, name)), id=name) for name in names))
            yield Label("enter keeps · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Begin at the theme in force."""
        self._before = self.app.theme
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(self.app.theme)
        options.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the theme under the cursor."""
        # The file of a theme may be deleted while the list is open.
        if event.option_id in self.app.available_themes:
            self.app.theme = event.option_id or self.app.theme

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Keep it."""
        self.dismiss(self.app.theme)

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if direction == "down" else options.action_cursor_up()

    def action_back(self) -> None:
        """Go back to the theme before."""
        if self._before in self.app.available_themes:
            self.app.theme = self._before
        self.dismiss(None)
