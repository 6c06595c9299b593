"""Listing a folder that is no repository."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files as package_files

from engine.errors import Cancelled, InputError
from engine.events import Emit, IsCancelled, Progress
from engine.model import FileKind, Skipped, SourceFile
from engine.walk.failures import ReadFailed, printable
from engine.walk.patterns import IGNORE_FILE, IgnoreRules
from engine.walk.safe_tree import SafeTree, is_unsafe
from engine.walk.work_tree import SYMLINK, UNSAFE, Entries

_IGNORE_FILES = (".gitignore", IGNORE_FILE)
_IGNORE_LIMIT_BYTES = 1 << 20
_REPORT_EVERY = 2000


@cache
def _junk() -> tuple[frozenset[str], frozenset[str]]:
    """Folder names and marker files of ``junk.toml``."""
    table = tomllib.loads(package_files("engine.walk").joinpath("junk.toml").read_text(encoding="utf-8"))
    return frozenset(table["names"]), frozenset(table["markers"])


def list_folder(root: str, emit: Emit, cancelled: IsCancelled) -> Entries:
    """List the regular files below ``root``, honouring ``.gitignore`` and ``.packsightignore`` in every folder.

    Links are never followed. ``.git`` is left out, folders of ``junk.toml`` are skipped with a reason.

    Raises:
        InputError: ``root`` itself cannot be listed.
        Cancelled: ``cancelled()`` said so.
    """
    names, markers = _junk()
    entries = Entries()
    rules = IgnoreRules(emit)
    tree = SafeTree(root)
    waiting = [""]
    reported = 0
    try:
        while waiting:
            folder = waiting.pop()
            if cancelled():
                raise Cancelled("stopped")
            try:
                with os.scandir(os.path.join(root, folder) if folder else root) as found:
                    children = sorted(found, key=lambda child: child.name)
            except OSError as error:
                reason = (error.strerror or "unreadable").lower()
                if not folder:
                    raise InputError(f"{printable(root)} cannot be listed: {reason}.") from error
                entries.skipped.append(Skipped(folder, reason))
                continue
            here = {child.name for child in children}
            if folder and not here.isdisjoint(markers):
                entries.skipped.append(Skipped(folder, "folder of installed or cached files"))
                continue
            for name in _IGNORE_FILES:
                if name in here:
                    _add_rules(rules, tree, folder, name)
            _sort_out(children, folder, rules, names, entries, waiting)
            if len(entries.files) - reported >= _REPORT_EVERY:
                reported = len(entries.files)
                emit(Progress("list", reported, 0))
    finally:
        tree.close()
    return entries


def _sort_out(
    children: list[os.DirEntry[str]],
    folder: str,
    rules: IgnoreRules,
    junk: frozenset[str],
    entries: Entries,
    waiting: list[str],
) -> None:
    for child in children:
        path = folder + child.name
        is_link = child.is_symlink()
        is_dir = not is_link and child.is_dir(follow_symlinks=False)
        if child.name == ".git" or (rules and rules.ignores(path + "/" if is_dir else path)):
            continue
        if is_unsafe(path):
            entries.skipped.append(Skipped(path, UNSAFE))
        elif is_link:
            entries.skipped.append(Skipped(path, SYMLINK))
        elif is_dir and child.name in junk:
            entries.skipped.append(Skipped(path + "/", "folder of installed or cached files"))
        elif is_dir:
            waiting.append(path + "/")
        elif child.is_file(follow_symlinks=False):
            entries.files.append(SourceFile(path, FileKind.REGULAR, ""))
        else:
            entries.skipped.append(Skipped(path, "not a regular file"))


def _add_rules(rules: IgnoreRules, tree: SafeTree, folder: str, name: str) -> None:
    try:
        data = tree.read(folder + name, _IGNORE_LIMIT_BYTES)
    except ReadFailed:
        return
    rules.add(folder, data.decode("utf-8", "surrogateescape"), name)
