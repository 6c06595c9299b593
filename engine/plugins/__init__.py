"""Plugins: what other installed distributions add, found by their entry points and loaded when it is first asked for.

In: the folders where the interpreter keeps installed distributions. Out: which plugins there are (``installed``, which
imports nothing), what one of them brings (``loaded``), which were left out and why (``troubles``), and a digest of them
for the keys of caches (``version_of``).

Nothing but an installed distribution can name a plugin: no setting, no environment variable, no file of a repository,
no folder that is merely on the search path. A plugin is code that the person installed and runs with all their rights.
What goes wrong with one is remembered here and told once; it never ends what is going on. This room must not know what
a group's plugins are for: the room that looks one up checks it.
"""

from __future__ import annotations

from engine.plugins.found import ANALYSIS, GROUPS, Plugin
from engine.plugins.listing import installed, named
from engine.plugins.loading import Bad, Trouble, leave_out, loaded, sound, troubles
from engine.plugins.version import version_of

__all__ = [
    "ANALYSIS",
    "GROUPS",
    "Bad",
    "Plugin",
    "Trouble",
    "installed",
    "leave_out",
    "loaded",
    "named",
    "sound",
    "troubles",
    "version_of",
]
