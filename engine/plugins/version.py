"""Which plugins made something that is kept: a digest for the keys of caches."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cache

from engine.plugins.found import Plugin
from engine.plugins.loading import troubles

_MOST_FILES = 2_000
"""Files of a plugin's package that are looked at: one with more is known by these."""


def version_of(plugins: Sequence[Plugin], *, with_troubles: bool = False) -> bytes:
    """Digest of plugins, 8 bytes; ``b""`` for none. Imports none of them.

    Names and versions, and size and time of change of the files of their packages, which is what an edit of a plugin
    that is installed in place changes.

    Args:
        plugins: Which ones, as ``installed`` gives them.
        with_troubles: Also which of them were left out so far.
    """
    if not plugins:
        return b""
    digest = hashlib.blake2b(_state(tuple(plugins)), digest_size=8)
    if with_troubles:
        for trouble in troubles():
            if trouble.plugin in plugins:
                digest.update(f"without {trouble.plugin.group} {trouble.plugin.name}\0".encode())
    return digest.digest()


@cache
def _state(plugins: tuple[Plugin, ...]) -> bytes:
    """What is installed; looked at once, as modules are loaded once."""
    digest = hashlib.blake2b()
    seen: set[str] = set()
    for plugin in plugins:
        digest.update(f"{plugin.group}\0{plugin.name}\0{plugin.value}\0".encode())
        digest.update(f"{plugin.distribution}\0{plugin.version}\0".encode())
        top = plugin.value.partition(":")[0].partition(".")[0]
        if top not in seen:
            seen.add(top)
            for line in _files(_home(top, plugin.place)):
                digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.digest()


def _home(top: str, place: str) -> str:
    """The file or folder of a package, beside its metadata or wherever it was installed in place from."""
    for path in (f"{place}/{top}", f"{place}/{top}.py"):
        if os.path.exists(path):
            return path
    from importlib.util import find_spec

    try:
        spec = find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return ""
    if spec is None or spec.origin is None:
        return ""
    return os.path.dirname(spec.origin) if spec.submodule_search_locations else spec.origin


def _files(path: str) -> Iterator[str]:
    """A line for each file, in a fixed order."""
    if os.path.isfile(path):
        yield _line(path, path)
        return
    left = _MOST_FILES
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names)[:left]:
            yield _line(f"{folder}/{name}", path)
        left -= min(left, len(names))
        if not left:
            return


def _line(path: str, root: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{path[len(root) :]}\0gone\0"
    return f"{path[len(root) :]}\0{status.st_size}\0{status.st_mtime_ns}\0"
