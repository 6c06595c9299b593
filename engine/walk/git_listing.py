"""Listing a repository: entries from git, then ignore files, attributes, LFS pointers and submodules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

from engine.errors import InputError
from engine.events import Emit, IsCancelled
from engine.model import Skipped, SourceFile
from engine.walk.attributes import Marks, marks_of
from engine.walk.blobs import POINTER_LIMIT_BYTES, lfs_pointer_size
from engine.walk.content import ContentSource, Stored
from engine.walk.failures import ReadFailed, printable
from engine.walk.listing import Listing
from engine.walk.ownership import require_trusted_owner
from engine.walk.patterns import IGNORE_FILE, Choice, IgnoreRules
from engine.walk.place import Place
from engine.walk.repository import Repository
from engine.walk.settings import Settings, hardened, read_settings
from engine.walk.submodules import Stores, list_submodules
from engine.walk.tree import head_commit, list_tree, resolve_revision
from engine.walk.work_tree import Entries, list_work_tree

_ATTRIBUTES_FILE = ".gitattributes"
_RULES_LIMIT_BYTES = 1 << 20


def list_repository(
    place: Place,
    rev: str | None,
    *,
    submodules: bool,
    choice: Choice,
    emit: Emit,
    cancelled: IsCancelled,
    meanwhile: Callable[[Path], None] = lambda root: None,
) -> Listing | None:
    """List the repository at ``place``; None when git ignores that folder, so that it is only a folder.

    ``meanwhile`` is called with the root while git looks at the files of a work tree.

    Raises:
        InputError: Owner, index, revision or git itself forbid it.
        Cancelled: ``cancelled()`` said so.
    """
    assert place.repository is not None
    settings = read_settings(place.repository)
    require_trusted_owner(place.owned, place.repository.work_tree, settings.safe_directories)
    repository = hardened(place.repository, settings)
    place = dataclasses.replace(place, repository=repository)
    # A .git file beside a bare repository, as worktree set-ups have it: there is no index to list.
    bare = not place.has_work_tree or (settings.bare and not Path(repository.git_dir, "index").exists())
    wanted = place.prefix + place.only
    on_disk = rev is None and not bare
    if on_disk:
        entries, commit = list_work_tree(repository, wanted, emit, cancelled, lambda: meanwhile(Path(place.root)))
        if wanted and not (entries.files or entries.skipped) and _is_ignored(repository, wanted):
            return None
        stored = Stored.ABSENT if entries.absent else Stored.DISK
    else:
        commit = resolve_revision(repository, rev) if rev is not None else head_commit(repository)
        entries = list_tree(repository, commit, cancelled) if commit else Entries()
        stored = Stored.OBJECTS
    top = ContentSource(repository.work_tree, stored, (("", repository),))
    try:
        _apply_rules(entries, place, repository, settings, top, "" if on_disk else commit, emit, cancelled)
    finally:
        top.close()
    if not on_disk and wanted:
        _cut_to(entries, wanted)
        if not (entries.files or entries.skipped or entries.submodules):
            raise InputError(f"{printable(wanted.rstrip('/'))} does not exist in revision {printable(rev or 'HEAD')}.")
    entries.files = [_below(file, place.prefix) for file in entries.files] if place.prefix else entries.files
    entries.skipped = [Skipped(gap.path[len(place.prefix) :], gap.reason) for gap in entries.skipped]
    entries.submodules = [(path[len(place.prefix) :], oid) for path, oid in entries.submodules]
    stores: Stores = (("", repository),)
    if entries.submodules:
        stores += list_submodules(entries, place, enter=submodules, on_disk=on_disk, emit=emit, cancelled=cancelled)
        if on_disk and entries.absent:
            stored = Stored.ABSENT
    if choice:
        entries.files = [file for file in entries.files if choice.wants(file.path)]
        entries.skipped = [gap for gap in entries.skipped if choice.wants(gap.path)]
    return Listing(
        root=Path(place.root),
        kind="bare" if bare else "git",
        revision=commit,
        object_format="sha256" if settings.object_format == "sha256" else "sha1",
        files=sorted(entries.files, key=lambda file: file.path),
        skipped=sorted(entries.skipped, key=lambda gap: gap.path),
        content=ContentSource(place.root, stored, stores),
        place=place,
        remotes=settings.remotes,
    )


def _apply_rules(
    entries: Entries,
    place: Place,
    repository: Repository,
    settings: Settings,
    content: ContentSource,
    commit: str,
    emit: Emit,
    cancelled: IsCancelled,
) -> None:
    """Let ``.packsightignore`` and ``.gitattributes`` files of the listing decide about its files."""
    rules = IgnoreRules(emit)
    for folder, text in _rule_files(entries.files, content, place.prefix if not commit else "", IGNORE_FILE):
        rules.add(folder, text, IGNORE_FILE)
    if rules:
        entries.files = [file for file in entries.files if not rules.ignores(file.path)]
    marks = marks_of(
        repository,
        settings,
        [file.path for file in entries.files],
        list(_rule_files(entries.files, content, place.prefix if not commit else "", _ATTRIBUTES_FILE)),
        commit=commit,
        cancelled=cancelled,
    )
    kept: list[SourceFile] = []
    for file in entries.files:
        reason = _apply_marks(file, marks(file.path), content, kept)
        if reason:
            entries.skipped.append(Skipped(file.path, reason))
    entries.files = kept


def _apply_marks(file: SourceFile, marks: Marks, content: ContentSource, kept: list[SourceFile]) -> str:
    """Keep ``file`` with its attributes, or return why it is skipped."""
    if marks.export_ignored:
        return "export-ignore in .gitattributes"
    if marks.lfs and (size := _pointer_size(file, content)) is not None:
        return f"Git LFS pointer; its {size:,} bytes are not here"
    kept.append(dataclasses.replace(file, attributes=marks.names) if marks.names else file)
    return ""


def _pointer_size(file: SourceFile, content: ContentSource) -> int | None:
    try:
        return lfs_pointer_size(content.read(file, POINTER_LIMIT_BYTES))
    except ReadFailed:
        return None


def _rule_files(files: list[SourceFile], content: ContentSource, prefix: str, name: str) -> Iterable[tuple[str, str]]:
    """Yield folder and text of each file called ``name``: those listed, and those above a listed sub-folder."""
    above = [prefix[: end + 1] for end in _slashes(prefix)]
    asked = dict.fromkeys(["", *above]) if prefix else {}
    found = {folder + name: SourceFile(folder + name, files[0].kind, "") for folder in asked} if files else {}
    found |= {
        file.path: file for file in files if file.path.endswith(name) and file.path[: -len(name)][-1:] in ("", "/")
    }
    for path, file in found.items():
        try:
            data = content.read(file, _RULES_LIMIT_BYTES)
        except ReadFailed:
            continue
        yield path[: -len(name)], data.decode("utf-8", "surrogateescape")


def _slashes(path: str) -> list[int]:
    return [at for at, letter in enumerate(path) if letter == "/"]


def _is_ignored(repository: Repository, path: str) -> bool:
    """Say whether git ignores ``path`` or a folder above it (``check-ignore`` refuses literal names)."""
    listed = repository.run("ls-files", "-o", "-i", "--exclude-standard", "--directory", "-z", "--", path.rstrip("/"))
    names = listed.out.decode("utf-8", "surrogateescape").split("\0")
    return any(name == path or (name.endswith("/") and path.startswith(name)) for name in names)


def _cut_to(entries: Entries, wanted: str) -> None:
    def inside(path: str) -> bool:
        return path.startswith(wanted) if wanted.endswith("/") else path == wanted

    entries.files = [file for file in entries.files if inside(file.path)]
    entries.skipped = [gap for gap in entries.skipped if inside(gap.path)]
    entries.submodules = [entry for entry in entries.submodules if inside(entry[0])]


def _below(file: SourceFile, prefix: str) -> SourceFile:
    return dataclasses.replace(file, path=file.path[len(prefix) :])
