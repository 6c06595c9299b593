"""Directory capsules: what no line of its own is left for, told by directory, as finely as the lines allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from engine.render.lines import short_count
from engine.visible import quoted, visible_name

_TELLING = 0.8
"""Share of the tokens from which on one language speaks for a directory; otherwise the two largest are named."""
_MOST_LANGUAGES = 2

Files = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class _Folder:
    """A directory: a run of the files in order of their paths."""

    path: str
    """With a slash at the end; ``""`` for the root."""
    first: int
    behind: int = 0
    inside: list[_Folder] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that one line stands for: those of a directory, with or without what is below it."""

    folder: _Folder
    own: bool
    """Only the files that lie in the directory itself."""
    files: int
    tokens: int


class Directories:
    """The directories of a repository, laid out once for any number of packs."""

    def __init__(self, columns: Columns) -> None:
        """Lay out."""
        paths = [file.path for file in columns.files]
        order = sorted(range(len(paths)), key=paths.__getitem__)
        self._order = np.array(order, np.int64)
        full = np.bincount(columns.file, columns.tokens[:, 0], len(paths)).astype(np.int64)
        self._tokens = full[self._order]
        self._languages = [columns.files[row].language for row in order]
        self._root = _folders([paths[row] for row in order])

    def lines(self, missing: Mask, most: int) -> list[str]:
        """Stand for files in few lines, without line breaks, ordered by path.

        The directory with most tokens is told by what is in it first, as long as the lines suffice.

        Args:
            missing: (m,) files to stand for, in the order of the columns.
            most: Lines there may be; at least one is written for any files at all.
        """
        here = missing[self._order]
        sums = np.concatenate([[0], np.cumsum(here)])
        tokens = np.concatenate([[0], np.cumsum(np.where(here, self._tokens, 0))])
        count = _Counts(sums, tokens)
        if not sums[-1]:
            return []
        groups = [count.group(self._root, own=False)]
        fixed: list[_Group] = []
        while groups:
            groups.sort(key=lambda group: (group.tokens, group.files, group.folder.path))
            group = groups.pop()
            parts = list(count.parts(group.folder)) if not group.own else []
            if not parts or len(fixed) + len(groups) + len(parts) > max(1, most):
                fixed.append(group)
            else:
                groups += [part for part in parts if part.files]
        return [self._line(group, here) for group in sorted(fixed, key=lambda group: group.folder.path)]

    def _line(self, group: _Group, here: Mask) -> str:
        folder = group.folder
        rows = np.arange(folder.first, folder.behind)[here[folder.first : folder.behind]]
        if group.own:
            for inside in folder.inside:
                rows = rows[(rows < inside.first) | (rows >= inside.behind)]
        name = quoted(folder.path or "./")
        number = "1 file" if group.files == 1 else f"{group.files:,} files"
        words = [number, *self._named(rows), f"{short_count(group.tokens)} tokens"]
        return f"{name}{'*' if group.own and folder.inside else ''}: {', '.join(words)}"

    def _named(self, rows: Files) -> list[str]:
        spoken: Counter[str] = Counter()
        for row, tokens in zip(rows.tolist(), self._tokens[rows].tolist(), strict=True):
            spoken[self._languages[row]] += tokens + 1
        total = spoken.total()
        most = spoken.most_common(_MOST_LANGUAGES)
        if most and most[0][1] >= _TELLING * total:
            most = most[:1]
        return [name for language, _ in most if (name := visible_name(language).lower())]


class _Counts:
    """How many files and tokens a run of files has."""

    def __init__(self, files: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> None:
        self._files, self._tokens = files, tokens

    def group(self, folder: _Folder, *, own: bool) -> _Group:
        """A directory with what is below it, or without."""
        files = int(self._files[folder.behind] - self._files[folder.first])
        tokens = int(self._tokens[folder.behind] - self._tokens[folder.first])
        if own:
            for inside in folder.inside:
                below = self.group(inside, own=False)
                files, tokens = files - below.files, tokens - below.tokens
        return _Group(folder, own, files, tokens)

    def parts(self, folder: _Folder) -> Iterator[_Group]:
        """The directories in a directory that hold anything, and the files that lie in itself."""
        if not folder.inside:
            return
        own = self.group(folder, own=True)
        if own.files:
            yield own
        for inside in folder.inside:
            part = self.group(inside, own=False)
            if part.files:
                yield part


def _folders(paths: list[str]) -> _Folder:
    """The tree of directories of sorted paths."""
    root = _Folder("", 0)
    open_: list[_Folder] = [root]
    before = ""
    for row, path in enumerate(paths):
        name = path[: path.rfind("/") + 1]
        if name != before:
            while not name.startswith(open_[-1].path):
                open_.pop().behind = row
            at = len(open_[-1].path)
            while (end := name.find("/", at)) >= 0:
                folder = _Folder(name[: end + 1], row)
                open_[-1].inside.append(folder)
                open_.append(folder)
                at = end + 1
            before = name
    for folder in open_:
        folder.behind = len(paths)
    return root
