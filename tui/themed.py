"""The part of the app that knows its themes: those that ship, a person's own, and when a file of those changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual import on
from textual.app import App

from tui.bridge import Bridge
from tui.messages import ThemesChanged
from tui.theming import DEFAULT, default_variables, register_themes

FOLDER = "themes"
"""Where a person keeps theme files, below the configuration folder."""


class Themed(App[None]):
    """An app whose themes may be edited while it runs."""

    setup: Any
    """What the app was started with, a ``Setup``."""

    def __init__(self) -> None:
        super().__init__()
        self._theme_troubles: list[str] = []
        """What was wrong with theme files when they were read last; nothing is told twice."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of levels and classes, for themes that have none."""
        return default_variables(self.current_theme.dark)

    def say(self, message: str, *, severity: str = "information") -> None:
        """Tell something in passing; the text is data, not markup."""
        raise NotImplementedError

    def begin_themes(self, wanted: str) -> None:
        """Learn all themes and use one, or the default where there is none of that name."""
        self._read_themes()
        self.theme = wanted if wanted in self.available_themes else DEFAULT

    def watch_themes(self, bridge: Bridge) -> None:
        """Notice theme files that change; where there is no configuration there is nothing to notice."""
        folder: Path = self.setup.config_folder
        if folder.is_dir():
            bridge.watch(folder, ThemesChanged)

    @on(ThemesChanged)
    def _read_themes(self) -> None:
        """Take up what the files say now; one that is broken changes nothing but is named."""
        shown = self.current_theme
        troubles = register_themes(self, self.setup.config_folder / FOLDER)
        for trouble in troubles:
            if trouble not in self._theme_troubles:
                self.say(trouble, severity="warning")
        self._theme_troubles = troubles
        if self.current_theme != shown:
            self.mutate_reactive(App.theme)
