"""Formats of plugins: entry points of ``packsight.formats``, named as ``--format`` names them.

An entry point names a ``FormatPlugin``. Its functions get text whose control characters are visible symbols already,
and write it; what they write is counted with the tokenizer of the model before it is believed to fit a budget.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import InputError, UsageError
from engine.plugins import Bad, Plugin, installed, leave_out, loaded, named, troubles
from engine.render.document import FORMATS, Document, FileSection, Part
from engine.visible import visible_text

GROUP = "packsight.formats"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_TAKEN = "packsight has a format {!r} of its own"
_PROBE = "value = 1\n"


def as_it_is(text: str) -> str:
    """Leave a text as it is."""
    return text


@dataclass(frozen=True, slots=True)
class FormatPlugin:
    """How a pack is written."""

    write: Callable[[Document, Sequence[str]], str]
    """The whole pack, given the document and the visible forms of the paths of ``document.files``."""
    section: Callable[[FileSection, str], str]
    """One file with the visible form of its path, as it stands in the pack; its cost is counted on this."""
    header: Callable[[str, str, str], str]
    """What stands around a file's text, given path, language and line range (``""`` for a whole file)."""
    entry: Callable[[str], str] = as_it_is
    """A line of the tree or of the one-line files, as it stands in the pack."""
    text: Callable[[str], str] = as_it_is
    """The text of a chunk, as it stands in the pack."""


class Format:
    """A plugin's format, held to what packs promise; has what the modules of packsight's own formats have."""

    def __init__(self, plugin: Plugin, made: FormatPlugin) -> None:
        self._plugin = plugin
        self._made = made

    def write(self, document: Document, paths: Sequence[str]) -> str:
        """Write a whole pack.

        Raises:
            InputError: the plugin failed.
        """
        text = visible_text(self._asked(self._made.write, document, list(paths)))
        return text if text.endswith("\n") else text + "\n"

    def section(self, file: FileSection, path: str) -> str:
        """Write one file."""
        return self._asked(self._made.section, file, path)

    def header(self, path: str, language: str, span: str) -> str:
        """What stands around a file's text."""
        return self._asked(self._made.header, path, language, span)

    def entry(self, text: str) -> str:
        """A line of the tree or of the one-line files."""
        return self._asked(self._made.entry, text)

    def text(self, text: str) -> str:
        """The text of a chunk."""
        return self._asked(self._made.text, text)

    def _asked(self, ask: Callable[..., Any], *what: object) -> str:
        try:
            text = ask(*what)
            if not isinstance(text, str):
                raise Bad(f"gave {type(text).__name__} where text was wanted")
            text.encode()
        except (KeyboardInterrupt, MemoryError, GeneratorExit):
            raise
        except BaseException as error:
            reason = str(error) if isinstance(error, Bad) else type(error).__name__
            leave_out(self._plugin, reason)
            raise InputError(
                f"the pack cannot be written: format {self._plugin.name!r} of {self._plugin.distribution}: {reason}",
                f"formats: {', '.join(FORMATS)}",
            ) from error
        return text


def names() -> tuple[str, ...]:
    """Formats that installed plugins name; loads none."""
    return tuple(dict.fromkeys(plugin.name for plugin in installed(GROUP) if plugin.name not in FORMATS))


def refuse(name: str) -> None:
    """Leave out the plugin that has the name of a format of packsight's own, if there is one."""
    plugin = named(GROUP, name)
    if plugin is not None and name in FORMATS:
        leave_out(plugin, _TAKEN.format(name))


def format_named(name: str) -> Format:
    """The format of a plugin.

    Raises:
        UsageError: no plugin has it, or the plugin was left out.
    """
    plugin = named(GROUP, name)
    found = loaded(plugin, _checked) if plugin is not None else None
    if found is not None:
        return found
    reason = next((f": {one.reason}" for one in troubles() if one.plugin == plugin), "")
    raise UsageError(f"there is no format {name[:40]!r}{reason}", f"formats: {', '.join((*FORMATS, *names()))}")


def _checked(made: object, plugin: Plugin) -> Format:
    if plugin.name in FORMATS:
        raise Bad(_TAKEN.format(plugin.name))
    if not _NAME.fullmatch(plugin.name):
        raise Bad("the name of a format is a lower-case word such as 'org'")
    if not isinstance(made, FormatPlugin):
        raise Bad(f"{plugin.value} is no FormatPlugin")
    form = Format(plugin, made)
    file = FileSection("a/b.py", "python", "", (Part(1, 1, 0, _PROBE, ""),))
    try:
        form.header("a/b.py", "python", "1-1/9")
        form.entry("a/ b.py")
        shown = form.text(_PROBE).strip()
        section = form.section(file, "a/b.py")
        whole = form.write(Document("title", "", "legend", ("a/ b.py",), ("c.py",), (file,)), ["a/b.py"])
    except InputError as error:
        raise Bad(error.message.rpartition(": ")[2]) from error
    if shown not in section or shown not in whole:
        raise Bad("leaves out the text of files")
    return form
