"""What there is to analyse below a path, and the way to its bytes."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import Cancelled, InputError
from engine.events import Emit, IsCancelled, ignore, never
from engine.model import Skipped, SourceFile
from engine.walk.content import ContentSource, Stored
from engine.walk.failures import printable
from engine.walk.folder import list_folder
from engine.walk.patterns import Choice
from engine.walk.place import Place, locate
from engine.walk.repository import Repository

Kind = Literal["git", "bare", "folder"]


@dataclass(slots=True)
class Listing:
    """The files of a repository or folder at one moment."""

    root: Path
    """Absolute path that all paths here are relative to; the folder of the file when a file was named."""
    kind: Kind
    revision: str
    """Id of the commit it stands on; ``""`` for a folder or before the first commit."""
    object_format: Literal["sha1", "sha256"]
    """The hash that blob ids are made with."""
    files: list[SourceFile]
    """Regular files to analyse, sorted by path."""
    skipped: list[Skipped]
    """Paths that hold nothing to analyse, with the reason, sorted by path. What ignore files, ``--include`` and
    ``--exclude`` leave out is in neither list."""
    content: ContentSource
    """Reads the files; belongs to the listing, close it when done."""
    place: Place
    """Where the listing is in its repository."""
    remotes: dict[str, str] = dataclasses.field(default_factory=dict)
    """URL by name of the repository's remotes, as configured."""

    @property
    def repository(self) -> Repository | None:
        """The hardened repository, None for a folder."""
        return self.place.repository


def open_listing(
    path: Path,
    *,
    rev: str | None = None,
    submodules: bool = False,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    emit: Emit = ignore,
    cancelled: IsCancelled = never,
    meanwhile: Callable[[Path], None] = lambda root: None,
) -> Listing:
    """List the git repository, folder or file at ``path``. Nothing that the repository configures is run.

    Args:
        path: A work tree or a folder or file in one, a bare repository, or any other folder or file.
        rev: Revision to list in place of the work tree; bare repositories default to ``HEAD``.
        submodules: Also list the files of submodules that are checked out.
        include: Patterns in gitignore syntax; when given, a path must match one.
        exclude: Patterns in gitignore syntax of paths to leave out.
        emit: Told about progress and warnings.
        cancelled: Asked every 20 ms while git runs, and for every folder of a plain one.
        meanwhile: Called at most once, with the root, while git looks at the files of a work tree.

    Raises:
        InputError: The path, the revision or the repository cannot be used.
        UsageError: A pattern is none.
        Cancelled: ``cancelled()`` said so.
    """
    choice = Choice(include, exclude)
    if cancelled():
        raise Cancelled("interrupted")
    place = locate(Path(path))
    if place.repository is not None:
        from engine.walk.git_listing import list_repository

        listed = list_repository(
            place, rev, submodules=submodules, choice=choice, emit=emit, cancelled=cancelled, meanwhile=meanwhile
        )
        if listed is not None:
            choice.warn(emit)
            return listed
    if rev is not None:
        raise InputError(
            f"{printable(str(path))} is not in a git repository, so it has no revision {printable(rev)!r}."
        )
    listed = _folder_listing(place, choice, emit, cancelled)
    choice.warn(emit)
    return listed


def _folder_listing(place: Place, choice: Choice, emit: Emit, cancelled: IsCancelled) -> Listing:
    from engine.walk.work_tree import Entries

    if place.only:
        # Named by a person: no ignore file has a say.
        entries = Entries()
        entries.add(place.only, "100644", "")
    else:
        entries = list_folder(place.root, emit, cancelled)
    return Listing(
        root=Path(place.root),
        kind="folder",
        revision="",
        object_format="sha1",
        files=sorted((file for file in entries.files if choice.wants(file.path)), key=lambda file: file.path),
        skipped=sorted((gap for gap in entries.skipped if choice.wants(gap.path)), key=lambda gap: gap.path),
        content=ContentSource(os.fspath(place.root), Stored.DISK),
        place=dataclasses.replace(place, repository=None),
    )
