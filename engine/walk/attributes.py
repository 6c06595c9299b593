"""``.gitattributes``: what the repository says about its files, judged by ``git check-attr``."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.events import IsCancelled
from engine.walk.attribute_lines import Relevance, relevance
from engine.walk.repository import Repository, need
from engine.walk.settings import Settings

_LINGUIST = {
    "linguist-generated": "generated",
    "linguist-vendored": "vendored",
    "linguist-documentation": "documentation",
}
_OFF = frozenset({"unset", "false"})
_INFO_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Marks:
    """What attributes say about one file."""

    names: frozenset[str] = frozenset()
    """Values for ``SourceFile.attributes``."""
    export_ignored: bool = False
    lfs: bool = False
    """Stored through Git LFS."""


NO_MARKS = Marks()


def marks_of(
    repository: Repository,
    settings: Settings,
    paths: list[str],
    sources: Iterable[tuple[str, str]],
    *,
    commit: str,
    cancelled: IsCancelled,
) -> Callable[[str], Marks]:
    """Ask git about those of ``paths`` that an attribute file could concern.

    Args:
        repository: Whose attributes.
        settings: Its configuration.
        paths: Files, relative to the top.
        sources: Directory and text of every attribute file in the listing.
        commit: The revision that attributes are taken from; ``""`` for the work tree, where what is read is what
            is on disk and conversions therefore matter.
        cancelled: Asked while git runs.

    Returns:
        A function from path to its marks.
    """
    on_disk = not commit
    about = relevance(
        [*sources, ("", _info_attributes(repository))],
        conversion=on_disk,
        crlf_by_default=settings.crlf_for_text,
        fold=settings.ignore_case,
    )
    unnamed = Marks(frozenset({"converted"})) if on_disk and settings.crlf_by_default else NO_MARKS
    asked = about.concerned(paths)
    folders = about.concerned(_folders(paths)) if "export-ignore" in about.names else []
    values = _check(repository, about, asked + folders, commit, cancelled) if asked or folders else {}
    dropped = {folder for folder in folders if values.get(folder, {}).get("export-ignore") == "set"}
    known: dict[tuple[tuple[str, str], ...], Marks] = {}
    marks: dict[str, Marks] = {}
    for path in asked:
        own = values.get(path, {})
        key = tuple(own.items())
        if key not in known:
            known[key] = _marks(own, settings, on_disk)
        marks[path] = known[key]

    def lookup(path: str) -> Marks:
        found = marks.get(path, unnamed)
        if dropped and not found.export_ignored and not dropped.isdisjoint(_above(path)):
            return dataclasses.replace(found, export_ignored=True)
        return found

    return lookup


def _marks(values: dict[str, str], settings: Settings, on_disk: bool) -> Marks:
    names: set[str] = set()
    for attribute, name in _LINGUIST.items():
        value = values.get(attribute, "unspecified")
        if value != "unspecified":
            names.add(f"not-{name}" if value in _OFF else name)
    if on_disk and _is_converted(values, settings):
        names.add("converted")
    return Marks(frozenset(names), values.get("export-ignore") == "set", values.get("filter") == "lfs")


def _is_converted(values: dict[str, str], settings: Settings) -> bool:
    """Say whether checking out changes the bytes. Source: gitattributes(5), "Checking-out and checking-in"."""
    none = frozenset({"unspecified", "unset", "set"})
    if values.get("filter", "unset") not in none or values.get("working-tree-encoding", "unset") not in none:
        return True
    if values.get("ident") == "set":
        return True
    text, eol = values.get("text", "unspecified"), values.get("eol", "unspecified")
    if text == "unset" or eol == "lf":
        return False
    if eol == "crlf":
        return True
    return settings.crlf_for_text if text in ("set", "auto") else settings.crlf_by_default


def _check(
    repository: Repository, about: Relevance, paths: list[str], commit: str, cancelled: IsCancelled
) -> dict[str, dict[str, str]]:
    words = ["check-attr", "-z", "--stdin", *sorted(about.names)]
    stdin = "".join(path + "\0" for path in paths).encode("utf-8", "surrogateescape")
    what = "git cannot read the attributes"
    if commit:
        # Naming a tree came with git 2.40; an index of our own works everywhere.
        with tempfile.TemporaryDirectory(prefix="packsight-") as folder:
            own = dataclasses.replace(repository, index_file=os.path.join(folder, "index"))
            need(own.launch("read-tree", commit).finish(cancelled), what)
            out = need(own.run(words[0], "--cached", *words[1:], stdin=stdin, cancelled=cancelled), what)
    else:
        out = need(repository.run(*words, stdin=stdin, cancelled=cancelled), what)
    fields = out.decode("utf-8", "surrogateescape").split("\0")
    values: dict[str, dict[str, str]] = {}
    for path, attribute, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        values.setdefault(path, {})[attribute] = value
    return values


def _info_attributes(repository: Repository) -> str:
    path = os.path.join(repository.common_dir, "info", "attributes")
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_INFO_LIMIT)
    except OSError:
        return ""


def _above(path: str) -> Iterable[str]:
    end = path.rfind("/")
    while end >= 0:
        yield path[: end + 1]
        end = path.rfind("/", 0, end)


def _folders(paths: list[str]) -> list[str]:
    found: set[str] = set()
    for path in paths:
        for folder in _above(path):
            if folder in found:
                break
            found.add(folder)
    return sorted(found)
