"""Directory capsules: what no line of its own is left for, told by directory, as finely as the lines allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.columns import Columns
from engine.render.lines import short_count
from engine.visible import quoted, visible_name

_TELLING = 0.8
"""Share of the tokens from which on one language speaks for a directory; otherwise the two largest are named."""
_MOST_LANGUAGES = 2
_FEW_FILES, _LITTLE = 10, 0.02
"""A directory with no more files than that, and no larger share of the tokens, is not worth more than one line."""

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
    """Files that one line stands for: those of a directory, but for some directories in it."""

    folder: _Folder
    without: tuple[_Folder, ...]
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

        The directory with most tokens is told by the largest in it first, as long as the lines suffice; ``src/*`` is
        what no other line stands for of ``src/``.

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
        groups = [count.group(self._root)]
        fixed: list[_Group] = []
        while groups:
            groups.sort(key=lambda group: (group.tokens, group.files, group.folder.path))
            group = groups.pop()
            worth_it = group.files > _FEW_FILES or group.tokens > _LITTLE * float(tokens[-1])
            parts = count.parts(group.folder, most - len(fixed) - len(groups)) if worth_it else []
            fixed += [part for part in parts[:1] or [group] if part.files]
            groups += parts[1:]
        told = sorted(fixed, key=lambda group: group.folder.path)
        return [self._line(group, here) for group in told]

    def _line(self, group: _Group, here: Mask) -> str:
        folder = group.folder
        rows = np.arange(folder.first, folder.behind)[here[folder.first : folder.behind]]
        for inside in group.without:
            rows = rows[(rows < inside.first) | (rows >= inside.behind)]
        name = quoted(folder.path or "./")
        number = "1 file" if group.files == 1 else f"{group.files:,} files"
        words = [number, *self._named(rows), f"{short_count(group.tokens)} tokens"]
        return f"{name}{'*' if group.without else ''}: {', '.join(words)}"

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

    def group(self, folder: _Folder, without: tuple[_Folder, ...] = ()) -> _Group:
        """A directory, but for some directories in it."""
        files = int(self._files[folder.behind] - self._files[folder.first])
        tokens = int(self._tokens[folder.behind] - self._tokens[folder.first])
        for inside in without:
            below = self.group(inside)
            files, tokens = files - below.files, tokens - below.tokens
        return _Group(folder, without, files, tokens)

    def parts(self, folder: _Folder, most: int) -> list[_Group]:
        """What is left of a directory beside the largest in it, and those; nothing where no line is won."""
        inside = [part for below in folder.inside if (part := self.group(below)).files]
        inside.sort(key=lambda part: (-part.tokens, -part.files, part.folder.path))
        if len(inside) > most or (len(inside) == most and self._rest(folder, inside).files):
            inside = inside[: most - 1]
        if not inside:
            return []
        return [self._rest(folder, inside), *inside]

    def _rest(self, folder: _Folder, inside: list[_Group]) -> _Group:
        return self.group(folder, tuple(part.folder for part in inside))


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
