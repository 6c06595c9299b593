"""Folders where installed distributions are: the only places where plugins are looked for."""

from __future__ import annotations

import os
import site
import sys

import engine


def places() -> tuple[str, ...]:
    """Folders of the interpreter's installed distributions that are on its search path, in that order.

    Also the folder of packsight itself where it was installed there (``pip install --target``), never where it lies as
    a checkout. The current folder, ``PYTHONPATH`` and the folder of a script are no such places: what lies there may be
    the content of a repository.
    """
    known = [*_of_site(), *_own()]
    allowed = {os.path.realpath(place) for place in known}
    on_path = [entry for entry in sys.path if entry and os.path.isabs(entry) and os.path.realpath(entry) in allowed]
    return tuple(dict.fromkeys(on_path))


def _of_site() -> list[str]:
    found = list(site.getsitepackages())
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    return found


def _own() -> list[str]:
    folder = os.path.dirname(os.path.dirname(os.path.abspath(str(engine.__file__))))
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except OSError:
        return []
    return [folder] if any(name.startswith("packsight-") and name.endswith(".dist-info") for name in names) else []
