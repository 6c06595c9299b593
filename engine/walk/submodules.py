"""Submodules of a listing: named with the reason they hold nothing, or entered."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from engine.errors import InputError
from engine.events import Emit, IsCancelled
from engine.model import Skipped
from engine.walk.content import Stored
from engine.walk.patterns import Choice
from engine.walk.place import Place, locate
from engine.walk.repository import Repository
from engine.walk.work_tree import SUBMODULE, Entries

Stores = tuple[tuple[str, Repository], ...]


def list_submodules(
    entries: Entries, place: Place, *, enter: bool, on_disk: bool, emit: Emit, cancelled: IsCancelled
) -> Stores:
    """Move the submodules of ``entries`` to its files and skipped paths.

    Args:
        entries: Paths relative to the root of ``place``; changed in place.
        place: The repository that holds the submodules.
        enter: Whether their files are listed.
        on_disk: Whether work trees are listed, or the commits that the revision records.
        emit: Told about warnings.
        cancelled: Asked while git runs.

    Returns:
        The object stores of the submodules by path prefix.
    """
    from engine.walk.git_listing import list_repository

    stores: Stores = ()
    for path, commit in entries.submodules:
        found, reason = _place_of(path, place) if enter else (None, SUBMODULE)
        if found is not None:
            try:
                listed = list_repository(
                    found,
                    None if on_disk else commit,
                    submodules=True,
                    choice=Choice((), ()),
                    emit=emit,
                    cancelled=cancelled,
                )
            except InputError as error:
                listed, reason = None, f"{SUBMODULE}: {error.message}"
            if listed is not None:
                below = path + "/"
                entries.files += [dataclasses.replace(file, path=below + file.path) for file in listed.files]
                entries.skipped += [Skipped(below + gap.path, gap.reason) for gap in listed.skipped]
                entries.absent = entries.absent or listed.content.stored is Stored.ABSENT
                stores += tuple((below + prefix, store) for prefix, store in listed.content.stores)
                continue
        entries.skipped.append(Skipped(path, reason))
    return stores


def _place_of(path: str, place: Place) -> tuple[Place | None, str]:
    """Find a submodule's own repository, or say why it is not entered."""
    assert place.repository is not None
    folder = os.path.join(place.root, path)
    if not place.has_work_tree or not os.path.lexists(os.path.join(folder, ".git")):
        return None, f"{SUBMODULE}, not checked out"
    if os.path.realpath(folder) != folder:
        return None, f"{SUBMODULE} behind a symbolic link"
    try:
        found = locate(Path(folder))
    except InputError as error:
        return None, f"{SUBMODULE}: {error.message}"
    if found.repository is None or found.repository.work_tree != folder:
        return None, f"{SUBMODULE}, not checked out"
    # A crafted .git file could name any repository of the user's.
    homes = (os.path.join(place.repository.common_dir, "modules"), os.path.join(place.repository.git_dir, "modules"))
    for directory in (found.repository.git_dir, found.repository.common_dir):
        if not any(directory.startswith(home + os.sep) for home in (*homes, folder)):
            return None, f"{SUBMODULE} whose repository lies elsewhere"
    return found, ""
