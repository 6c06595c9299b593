"""What earlier commits tell about a query: their messages are searched, and what they changed is what may be meant.

Lines of earlier versions are followed to the newest one through the hunks of all commits in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Columns, Floats, Ints
from engine.rank.lexical import sums
from engine.rank.postings import Hashes
from engine.rank.query import message_terms
from engine.rank.query_numbers import QuerySettings

FileHunks = Iterable[tuple[str, Sequence[tuple[int, int, int]]]]
MOST_FILES = 60
"""A commit that changed more files (a sweep, an import) says nothing about any of them."""
MOST_LINES = 20_000
"""Lines of a file that are followed."""
_FIRST = np.arange(64, dtype=np.int32)
"""Lines of a file that no commit has changed yet; most files are short, and arrays grow as far as changes reach."""
_PLACES = 8
"""Places of a hunk that are told apart."""


@dataclass(frozen=True, slots=True)
class Past:
    """Commits as flat columns, newest first."""

    sizes: Ints
    """(c,) number of terms of each message."""
    terms: Hashes
    """(t,) terms of the messages."""
    counts: Ints
    """(t,) occurrences of each."""
    paths: tuple[str, ...]
    """Files that were changed."""
    commit: Ints
    """(e,) commit of each change."""
    path: Ints
    """(e,) index into ``paths``."""
    line: Ints
    """(e,) line of the newest version that stands where the change was, from 1."""


def past_of(commits: Iterable[tuple[str, FileHunks]]) -> Past:
    """Lay commits out.

    Args:
        commits: Message and changed files of each, newest first; hunks as (first new line or the one above where none
            was added, lines added, lines removed).
    """
    sizes: list[int] = []
    terms: list[int] = []
    counts: list[int] = []
    paths: dict[str, int] = {}
    rows: list[tuple[int, int, int]] = []
    lines: dict[str, npt.NDArray[np.int32]] = {}
    for number, (message, files) in enumerate(commits):
        said = Counter(message_terms(message))
        sizes.append(len(said))
        terms += said
        counts += said.values()
        changed = list(files)
        for path, hunks in changed:
            if not hunks:
                continue
            now = _reaching(lines.get(path, _FIRST), max(start + added for start, added, _ in hunks) + 2)
            if len(changed) <= MOST_FILES:
                file = paths.setdefault(path, len(paths))
                rows += [(number, file, line) for line in _touched(now, hunks)]
            lines[path] = _before(now, hunks)
    commit, path_of, line = np.array(sorted(set(rows)), np.int32).reshape(-1, 3).T
    return Past(
        np.array(sizes, np.int32), np.array(terms, np.uint32), np.array(counts, np.int32), tuple(paths), commit,
        path_of, line,
    )  # fmt: skip


def _reaching(now: npt.NDArray[np.int32], length: int) -> npt.NDArray[np.int32]:
    """The same lines and those behind them, to a number: behind the last change all lines moved alike."""
    more = min(length, MOST_LINES + 1) - len(now)
    if more <= 0:
        return now
    return np.concatenate([now, now[-1] + np.arange(1, more + 1, dtype=np.int32)])


def _touched(now: npt.NDArray[np.int32], hunks: Sequence[tuple[int, int, int]]) -> list[int]:
    """Lines of the newest version at a few places of each hunk."""
    found = []
    for start, added, _ in hunks:
        step = max(1, -(-added // _PLACES))
        found += [int(now[at]) for at in range(max(1, start), max(1, start) + max(1, added), step) if at < len(now)]
    return found


def _before(now: npt.NDArray[np.int32], hunks: Sequence[tuple[int, int, int]]) -> npt.NDArray[np.int32]:
    """Lines of the newest version by line of the version before a commit; what it took away stood where it changed."""
    parts = []
    at = 0
    for start, added, removed in hunks:
        first = start if added else start + 1
        if not at <= first < len(now):
            break
        parts += [now[at:first], np.full(min(removed, MOST_LINES), now[first], np.int32)]
        at = first + added
    parts.append(now[at:])
    return np.concatenate(parts)[: MOST_LINES + 1]


class PastIndex:
    """The commits behind a repository, ready for queries."""

    def __init__(self, columns: Columns, past: Past) -> None:
        """Find the chunks that stand where commits changed something."""
        self._chunks, self._commits = columns.chunks, len(past.sizes)
        order = np.argsort(past.terms, kind="stable")
        self._terms, self._counts = past.terms[order], past.counts[order]
        self._owner = np.repeat(np.arange(self._commits), past.sizes)[order]
        length = sums(np.repeat(np.arange(self._commits), past.sizes), past.counts.astype(np.float64), self._commits)
        self._length = length / max(1.0, float(length.mean()) if len(length) else 1.0)
        by_path = {file.path: number for number, file in enumerate(columns.files)}
        file = np.array([by_path.get(path, -1) for path in past.paths], np.int64)[past.path]
        known = file >= 0
        commit, file, line = past.commit[known].astype(np.int64), file[known], past.line[known].astype(np.int64)
        # One search over (file, line) finds the last chunk that starts at or above each line.
        keys = columns.file.astype(np.int64) << 32 | columns.start_line
        chunk = np.searchsorted(keys, file << 32 | line, side="right") - 1
        inside = (chunk >= 0) & (columns.file[np.maximum(chunk, 0)] == file)
        pairs = np.unique(commit[inside] * max(1, self._chunks) + chunk[inside])
        self._commit, self._chunk = pairs // max(1, self._chunks), pairs % max(1, self._chunks)
        changed = np.bincount(self._commit, minlength=self._commits)
        # A commit that changed many chunks says less about each of them.
        self._share = 1.0 / np.sqrt(np.maximum(1, changed))
        self._file = columns.file
        self._lately: dict[tuple[float, float, float], Floats] = {}

    def lately(self, rules: QuerySettings) -> Floats:
        """(n,) how often commits changed each chunk and its file, the later the more; 0 where none did."""
        key = rules.recent, rules.recent_file, rules.recent_commits
        if key not in self._lately:
            files = int(self._file[-1]) + 1 if self._chunks else 0
            fresh = np.exp(-np.arange(self._commits) / rules.recent_commits)
            of_chunk = sums(self._chunk, (self._share * fresh)[self._commit], self._chunks)
            pairs = np.unique(self._commit * max(1, files) + self._file[self._chunk])
            of_file = sums(pairs % max(1, files), fresh[pairs // max(1, files)], files)
            found = rules.recent * np.log1p(of_chunk) + rules.recent_file * np.log1p(of_file)[self._file]
            self._lately = {key: np.asarray(found, dtype=np.float64)}
        return self._lately[key]

    def hits(self, wanted: Sequence[tuple[int, float]], rules: QuerySettings) -> Floats:
        """(n,) how much commits whose messages agree with a query changed each chunk: 0-1, 1 for the most changed one
        where a message says all that the query says."""
        nothing = np.zeros(self._chunks)
        if not wanted or not len(self._commit):
            return nothing
        said, best = np.zeros(self._commits), 0.0
        for term, weight in wanted:
            low, high = np.searchsorted(self._terms, [term, term + 1]).tolist() if term < 0xFFFFFFFF else (0, 0)
            rare = weight * float(np.log1p((self._commits - (high - low) + 0.5) / (high - low + 0.5)))
            best += rare
            owner, count = self._owner[low:high], self._counts[low:high]
            norm = rules.saturation * (0.25 + 0.75 * self._length[owner])
            said[owner] += rare * count * (rules.saturation + 1.0) / (count + norm)
        alike = said / best if best > 0 else said
        found = sums(self._chunk, (alike**2 * self._share)[self._commit], self._chunks)
        top = float(found.max(initial=0.0))
        if top <= 0:
            return nothing
        return np.asarray((found / top) ** rules.past_power * min(1.0, float(alike.max())) ** 0.5, dtype=np.float64)
