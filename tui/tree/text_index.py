"""Many short texts searched at once: a pass over their bytes instead of a look at each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LONGEST = 4_096
"""Characters of a text that are searched; what is longer is no name."""
_BREAK = "\n"


class TextIndex:
    """Texts side by side as casefolded UTF-8. Words are found within a text, never across two."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take up the texts."""
        folded = _BREAK.join([text[:LONGEST].replace(_BREAK, " ") for text in texts]).casefold()
        # Any name can be searched, also one that was no UTF-8 on disk.
        self._data = np.frombuffer(folded.encode("utf-8", "surrogatepass"), np.uint8)
        self._ends = np.flatnonzero(self._data == ord(_BREAK))
        self._often = np.bincount(self._data, minlength=256)
        self._texts = len(texts)

    def matching(self, words: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Find the texts that hold all words; words are casefolded and without white space."""
        found = np.ones(self._texts, np.bool_)
        for word in words:
            here = np.zeros(self._texts, np.bool_)
            here[np.searchsorted(self._ends, self._positions(word.encode("utf-8", "surrogatepass")))] = True
            found &= here
        return found

    def _positions(self, word: bytes) -> npt.NDArray[np.int64]:
        """Where a word begins."""
        codes = np.frombuffer(word, np.uint8)
        order = np.argsort(self._often[codes], kind="stable")
        # The rarest byte leaves the fewest places to look at for the others.
        first = int(order[0])
        starts = np.flatnonzero(self._data == codes[first]) - first
        starts = starts[(starts >= 0) & (starts <= len(self._data) - len(codes))]
        for at in order[1:].tolist():
            starts = starts[self._data[starts + at] == codes[at]]
        return starts
