"""A bare app in the program's themes: what widgets are tested and looked at in, without screens and engine."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.message import Message

from themes import shipped
from tui.theming import default_variables, to_textual


class DemoApp(App[object]):
    """Shows what a subclass composes; keeps the messages that tests name in ``kept``."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, theme: str = "ink") -> None:
        super().__init__()
        self.kept: list[Message] = []
        """Messages that handlers of a subclass put here, oldest first."""
        for file in shipped():
            self.register_theme(to_textual(file))
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of the product for themes that have none."""
        return default_variables(self.current_theme.dark)
