"""Importing what a plugin names, once, and remembering what is wrong with those that cannot be used."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from typing import TypeVar

from engine.plugins.found import Plugin
from engine.plugins.listing import installed

T = TypeVar("T")
_LONGEST = 200
"""Characters of what an exception says that a reason keeps."""
_objects: dict[Plugin, object] = {}
_troubles: dict[Plugin, Trouble] = {}
_lock = threading.RLock()


class Bad(Exception):
    """What a plugin brings is not what its group asks for; the message says why."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A plugin that was left out."""

    plugin: Plugin
    reason: str
    """Why, in one line."""

    @property
    def message(self) -> str:
        """The warning that tells of it."""
        return f"{self.plugin.title} is left out: {self.reason}"


def loaded(plugin: Plugin, check: Callable[[object, Plugin], T]) -> T | None:
    """What a plugin brings, or None where it was left out.

    Args:
        plugin: One that ``installed`` named.
        check: Makes what its group needs of the object that the entry point names; raises ``Bad``, or anything else,
            for what cannot be used. Asked once per process.
    """
    with _lock:
        if plugin in _troubles:
            return None
        if plugin not in _objects:
            try:
                _objects[plugin] = check(_imported(plugin), plugin)
            except (KeyboardInterrupt, GeneratorExit, MemoryError):
                raise
            except BaseException as error:  # also SystemExit: a module that ends the program is no reason to end
                leave_out(plugin, told(error))
                return None
        found: T = _objects[plugin]  # type: ignore[assignment]
        return found


def sound(group: str, check: Callable[[object, Plugin], T]) -> Iterator[tuple[Plugin, T]]:
    """All plugins of a group that can be used, with what they bring."""
    for plugin in installed(group):
        found = loaded(plugin, check)
        if found is not None:
            yield plugin, found


def leave_out(plugin: Plugin, reason: str) -> None:
    """Use a plugin no more in this process; the first reason stands."""
    with _lock:
        _troubles.setdefault(plugin, Trouble(plugin, reason))
        _objects.pop(plugin, None)


def troubles() -> tuple[Trouble, ...]:
    """Plugins that were left out so far, in the order it happened."""
    return tuple(_troubles.values())


def told(error: BaseException) -> str:
    """An error of a plugin in one line: what ``Bad`` says, else the kind of error before what it says."""
    first = next(iter(str(error).strip().splitlines()), "")
    text = "".join(character if character.isprintable() else "�" for character in first)[:_LONGEST]
    return text if isinstance(error, Bad) else f"{type(error).__name__}: {text}" if text else type(error).__name__


def _imported(plugin: Plugin) -> object:
    module, _, attribute = plugin.value.partition(":")
    _refuse_current_folder(module.partition(".")[0])
    found: object = import_module(module)
    return reduce(getattr, attribute.split("."), found) if attribute else found


def _refuse_current_folder(top: str) -> None:
    """``python -m`` puts the current folder first: a module there would be taken for the installed one of its name."""
    if top in sys.modules or not sys.path:
        return
    here = os.getcwd()
    if os.path.abspath(sys.path[0] or ".") != here:
        return
    if os.path.exists(f"{here}/{top}.py") or os.path.isdir(f"{here}/{top}"):
        raise Bad(f"the current folder has a {top!r} of its own")
