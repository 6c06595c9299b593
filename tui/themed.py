"""The part of the app that knows its themes: those that ship, a person's own, and when a file of those changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.terminal_theme import TerminalTheme
from textual import on
from textual.app import App
from textual.filter import Monochrome, NoColor

from themes import shipped
from tui.bridge import Bridge
from tui.messages import ThemesChanged
from tui.theming import DEFAULT, default_variables, own_names, register_themes

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
        self._own_themes: set[str] = set()
        """Names of a person's own themes that had a file when they were read last."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of levels and classes, for themes that have none."""
        return default_variables(self.current_theme.dark)

    def say(self, message: str, *, severity: str = "information") -> None:
        """Tell something in passing; the text is data, not markup."""
        raise NotImplementedError

    def _refresh_truecolor_filter(self, theme: TerminalTheme) -> None:
        """Take away colours where a person wants none; in a theme of the terminal's own colours, also greys."""
        super()._refresh_truecolor_filter(theme)
        for at, known in enumerate(self._filters):
            if isinstance(known, NoColor | Monochrome):
                self._filters[at] = NoColor() if self.native_ansi_color else Monochrome()

    def begin_themes(self, wanted: str) -> None:
        """Learn all themes and use one, or the default where there is none of that name.

        Done before anything is drawn: the first screen then has its colours from the start.
        """
        self._theme_troubles = register_themes(self, self.setup.config_folder / FOLDER)
        self._own_themes = own_names(self.setup.config_folder / FOLDER)
        self.set_reactive(App.theme, wanted if wanted in self.available_themes else DEFAULT)
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark}, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def tell_theme_troubles(self) -> None:
        """Tell what was wrong with theme files, once somebody can read it."""
        for trouble in self._theme_troubles:
            self.say(trouble, severity="warning")

    def watch_themes(self, bridge: Bridge) -> None:
        """Notice theme files that change; where there is no configuration there is nothing to notice."""
        folder: Path = self.setup.config_folder
        if folder.is_dir():
            bridge.watch(folder, ThemesChanged)

    @on(ThemesChanged)
    def _read_themes(self) -> None:
        """Take up what the files say now; one that is broken changes nothing but is named, one that is gone goes."""
        shown = self.current_theme
        troubles = register_themes(self, self.setup.config_folder / FOLDER)
        for trouble in troubles:
            if trouble not in self._theme_troubles:
                self.say(trouble, severity="warning")
        self._theme_troubles = troubles
        own = own_names(self.setup.config_folder / FOLDER)
        gone, self._own_themes = self._own_themes - own - {theme.name for theme in shipped()}, own
        if self.theme in gone:
            self.say(f"the file of the theme {self.theme} is gone; this is {DEFAULT}", severity="warning")
            self.theme = DEFAULT
        for name in gone:
            self.unregister_theme(name)
        if self.current_theme != shown:
            self.mutate_reactive(App.theme)
