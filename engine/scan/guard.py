"""What of a file must not leave as it stands: its secrets, and its hidden characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from engine.disclosure import Disclosure, Sighting
from engine.errors import UsageError
from engine.gitglobs import git_globs
from engine.hidden import find_hidden, neutral
from engine.levels import text_at
from engine.model import Edit
from engine.secrets import Secret, find_secrets, mask, mask_name

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Guard:
    """What was found in a file. Holds places, never what stands there."""

    secrets: tuple[Secret, ...]
    """By place."""
    hidden: tuple[tuple[int, str], ...]
    """Byte offset and kind of each run of hidden characters, by place."""

    @classmethod
    def of(cls, data: bytes) -> Guard:
        """Look through the text of a file, in UTF-8."""
        secrets = find_secrets(data)
        runs = () if data.isascii() else tuple(_hidden(data))
        if runs:
            secrets = (*secrets, *_torn(data, runs, secrets))
        return cls(tuple(sorted(secrets, key=lambda one: one.spans)), tuple((start, kind) for start, _, kind in runs))

    def masked(self, data: bytes) -> bytes:
        """The text of the file with its secrets masked, byte for byte as long."""
        return mask(data, self.secrets)

    def text(self, data: bytes, start: int, end: int, edits: Sequence[Edit], how: Disclosure) -> str:
        """A stretch of the file at a level, as it may leave.

        Args:
            data: The text of the file, masked already where that is wanted.
            start: First byte.
            end: Byte behind the last.
            edits: What the level changes.
            how: What may be told.
        """
        if self.secrets and not how.reveal_secrets:
            # A marker may name what the lines hold that it stands for.
            edits = [edit._replace(replacement=mask_name(neutral(edit.replacement, how.hidden_text))) for edit in edits]
        text = text_at(data, start, end, edits).decode("utf-8", "replace")
        return neutral(text, how.hidden_text) if self.hidden else text

    def seen(self, start: int, end: int, edits: Sequence[Edit], line_starts: Sequence[int]) -> Iterator[Sighting]:
        """What of it stands in a stretch of the file at a level.

        Args:
            start: First byte.
            end: Byte behind the last.
            edits: What the level takes away.
            line_starts: Offsets of the file's lines.
        """
        for secret in self.secrets:
            shown = [a for a, b in secret.spans if start < b and a < end and not _gone(a, edits)]
            if shown:
                yield Sighting(bisect_right(line_starts, shown[0]), secret.kind, True)
        first = bisect_left(self.hidden, (start, ""))
        for offset, kind in self.hidden[first:]:
            if offset >= end:
                break
            if not _gone(offset, edits):
                yield Sighting(bisect_right(line_starts, offset), kind, False)


def allows(how: Disclosure, path: str) -> bool:
    """Whether nothing in a file is a secret, by the globs that say so.

    Raises:
        UsageError: a glob is none.
    """
    return bool(how.allow) and _globs(how.allow).match_file(path)


@cache
def _globs(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    try:
        return git_globs(patterns)
    except ValueError as error:
        raise UsageError(f"{error}", "globs of [secrets] allow are written as in .gitignore") from error


NOTHING = Guard((), ())
"""What is found in most files."""


def _gone(offset: int, edits: Sequence[Edit]) -> bool:
    return any(edit.start <= offset < edit.end for edit in edits)


def _torn(data: bytes, runs: Sequence[tuple[int, int, str]], known: Sequence[Secret]) -> Iterator[Secret]:
    """Secrets that hidden characters stand in: they are whole again where such characters are dropped."""
    ends = [0, *(end for _, end, kind in runs if kind != "homoglyph")]
    starts = [*(start for start, _, kind in runs if kind != "homoglyph"), len(data)]
    pieces = [data[end:start] for end, start in zip(ends, starts, strict=True)]
    joined = list(accumulate(map(len, pieces), initial=0))

    def place(offset: int) -> int:
        piece = bisect_right(joined, offset, hi=len(pieces)) - 1
        return ends[piece] + offset - joined[piece]

    covered = [span for secret in known for span in secret.spans]
    for secret in find_secrets(b"".join(pieces)):
        spans = tuple((place(start), place(end - 1) + 1) for start, end in secret.spans)
        if not all(any(low <= start and end <= high for low, high in covered) for start, end in spans):
            yield replace(secret, spans=spans)


def _hidden(data: bytes) -> Iterator[tuple[int, int, str]]:
    text = data.decode("utf-8", "replace")
    at = offset = 0
    for run in find_hidden(text):
        offset += len(text[at : run.start].encode("utf-8", "surrogatepass"))
        at = run.start
        yield offset, offset + len(text[at : run.end].encode("utf-8", "surrogatepass")), run.kind
