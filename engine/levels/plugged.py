"""Levels of plugins: entry points of ``packsight.levels`` that say what the levels keep of certain chunks.

An entry point names a ``LevelsPlugin``. Its function gives each line of a chunk one depth, the deepest level that keeps
it: so every deeper level keeps a subset of the lines of the one above, every kept line is verbatim, and no plugin can
make a deeper level longer than a shallower one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from engine.chunk.spans import FileChunks, Role, Span
from engine.levels.rules import FIXTURES
from engine.model import ChunkClass
from engine.plugins import Bad, Plugin, sound

GROUP = "packsight.levels"
_DEPTHS = bytes((0, 1, 2, 3))
_STRING = int(Role.STRING)


@dataclass(frozen=True, slots=True)
class LevelChunk:
    """A chunk as a plugin's function sees it."""

    language: str
    chunk_class: str
    kind: str
    symbol: str
    lines: Sequence[bytes]
    """Its lines without their ends."""
    roles: bytes
    """One ``Role`` per line."""


@dataclass(frozen=True, slots=True)
class LevelsPlugin:
    """What levels 1 to 3 keep of some chunks."""

    depths: Callable[[LevelChunk], Sequence[int] | None]
    """Per line 0 (gone at level 1), 1 (folded at level 2), 2 (left out at level 3) or 3 (kept); None leaves the chunk
    to packsight's own rules."""
    languages: tuple[str, ...] = ()
    """Languages that it is asked about; empty for all."""
    classes: tuple[str, ...] = ()
    """Classes that it is asked about; empty for all."""


class Asked:
    """The plugins of a file's language, asked chunk by chunk; one that fails is asked no more about this file."""

    def __init__(self, plugins: Sequence[tuple[str, LevelsPlugin]], data: bytes, file: FileChunks) -> None:
        self._plugins = list(plugins)
        self._file = file
        self._lines = data.split(b"\n")
        self.note = ""
        """What failed, in the form of ``FileChunks.note``, or ``""``."""

    def depths(self, span: Span, chunk_class: ChunkClass) -> bytes | None:
        """What the first plugin that has a say gives, or None."""
        roles = self._file.roles[span.start : span.end]
        for name, plugin in tuple(self._plugins):
            if plugin.classes and chunk_class not in plugin.classes:
                continue
            lines = self._lines[span.start : span.end]
            try:
                given = plugin.depths(
                    LevelChunk(self._file.language, chunk_class.value, span.kind, span.symbol, lines, roles)
                )
                if given is not None:
                    return _checked(given, roles)
            except (KeyboardInterrupt, MemoryError, GeneratorExit):
                raise
            except BaseException as error:
                reason = str(error) if isinstance(error, Bad) else type(error).__name__
                self.note = self.note or f"plugin {name} failed: {reason}"
                self._plugins.remove((name, plugin))
        return None


def asked(data: bytes, file: FileChunks) -> Asked | None:
    """The plugins that have a say about a file, or None without any."""
    about = [found for found in _plugins() if not found[1].languages or file.language in found[1].languages]
    return Asked(about, data, file) if about else None


def ready() -> None:
    """Load the plugins now: before workers are forked, and where somebody hears what is wrong with one."""
    _plugins()


@cache
def _plugins() -> tuple[tuple[str, LevelsPlugin], ...]:
    return tuple((plugin.name, made) for plugin, made in sound(GROUP, _checked_plugin))


def _checked_plugin(made: object, plugin: Plugin) -> LevelsPlugin:
    if plugin.name in (*ChunkClass, FIXTURES):
        raise Bad(f"{plugin.name!r} is a class that packsight has levels of its own for")
    if not isinstance(made, LevelsPlugin) or not callable(made.depths):
        raise Bad(f"{plugin.value} is no LevelsPlugin")
    unknown = [name for name in made.classes if name not in tuple(ChunkClass)]
    if unknown:
        raise Bad(f"there is no class {unknown[0]!r}")
    return made


def _checked(given: Sequence[int], roles: bytes) -> bytes:
    depths = bytes(given)
    if len(depths) != len(roles):
        raise Bad("gave other than one depth per line")
    if depths.translate(None, _DEPTHS):
        raise Bad("gave a depth that is none of 0 to 3")
    if _STRING in roles and 0 in depths:
        # Lines inside a string are the program's data: level 1 keeps every one of them.
        return bytes(max(1, depth) if role == _STRING else depth for depth, role in zip(depths, roles, strict=True))
    return depths
