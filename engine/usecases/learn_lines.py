"""How often each line is in the source files of a version, followed from one version to another near by."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable

from engine.profiles.learning_truth import shortest_line


class LineTimes:
    """Counts stripped lines; moving on reads only blobs that no version before had."""

    def __init__(self) -> None:
        self._lines: dict[str, array[int]] = {}
        self._here: Counter[str] = Counter()
        self._times: Counter[int] = Counter()

    def move_to(self, blobs: Iterable[str], read: Callable[[str], bytes]) -> None:
        """Count the lines of another version.

        Args:
            blobs: Ids of its source files; one that several files have comes as often.
            read: Gives the bytes of a blob; nothing for one that cannot be read.
        """
        there = Counter(blobs)
        for blob in set(there) | set(self._here):
            more = there[blob] - self._here[blob]
            if more:
                for line in self._of(blob, read):
                    self._times[line] += more
        self._here = there

    def times(self, stripped: str) -> int:
        """How many lines of the version are the same."""
        return self._times[hash(stripped)]

    def _of(self, blob: str, read: Callable[[str], bytes]) -> array[int]:
        if blob not in self._lines:
            least = shortest_line()
            stripped = (line.strip() for line in read(blob).decode("utf-8", "replace").split("\n"))
            self._lines[blob] = array("q", (hash(line) for line in stripped if len(line) >= least))
        return self._lines[blob]
