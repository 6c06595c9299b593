"""Themes of the inspector, as data: one TOML file each, and the reader that checks them.

In: theme files, those that ship and a person's own. Out: ``ThemeFile``. This room knows nothing of Textual; the app
turns a ``ThemeFile`` into what it draws with.
"""

from __future__ import annotations

from themes.loader import ThemeFile, ThemeUnusable, contrast, load_theme, load_themes, shipped

__all__ = ["ThemeFile", "ThemeUnusable", "contrast", "load_theme", "load_themes", "shipped"]
