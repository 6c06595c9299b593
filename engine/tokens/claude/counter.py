"""The counter of one Claude encoding."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.model import Method
from engine.tokens.claude.errors import unknown_encoding
from engine.tokens.claude.marking import Before
from engine.tokens.claude.normalize import normalize
from engine.tokens.claude.parts import share_out
from engine.tokens.claude.segments import segments

ENCODINGS = ("claude-3", "claude-4.7", "claude-5")
"""The encodings there are, oldest first."""
_BLOCK = 1 << 18
_STREAM_BLOCK = 1 << 16
"""Characters counted at once from a stream: some 20 ms, so that whoever feeds it can stop."""
_LINE_START = re.compile(r"\n(?=[A-Za-z])")
"""Where text falls into blocks: no token and no composition of characters reaches from a line feed to a letter."""


@dataclass(frozen=True, slots=True)
class Family:
    """One table of ``families.toml``."""

    vocabulary: str
    """File with the pieces."""
    frame_tokens: int
    """Tokens of a message with one user turn, besides its text."""
    frame_opens_word: bool
    """Whether the frame ends in a word-start marker."""
    fold_quotes: bool
    """Whether curly quotes are read as straight ones."""
    caps_from: int
    """Shortest run of capitals with a marker of its own; 0 for never."""
    error_band: tuple[float, float]
    """Relative band of the true count around ours."""
    agreement: str
    """What the trust in the counts rests on."""


@cache
def _families() -> dict[str, Family]:
    raw = tomllib.loads(files("engine.tokens.claude").joinpath("families.toml").read_text("utf-8"))
    return {
        name: Family(**{**table, "error_band": (table["error_band"][0], table["error_band"][1])})
        for name, table in raw.items()
    }


class ClaudeTokenizer:
    """Counts tokens as the named Claude generation does, by a reconstructed vocabulary.

    Making one is cheap; the vocabulary is read at the first count and shared by all counters of the process.

    Args:
        encoding: one of ``ENCODINGS``.

    Raises:
        InputError: there is no such encoding.
    """

    method = Method.RECONSTRUCTED

    def __init__(self, encoding: str) -> None:
        if encoding not in ENCODINGS:
            raise unknown_encoding(encoding, list(ENCODINGS))
        self._family = family = _families()[encoding]
        self.encoding = encoding
        self.error_band = family.error_band
        self.message_frame_tokens = family.frame_tokens
        """Tokens that a request with one user message costs besides the text of the message."""
        self.agreement = family.agreement
        """In words: which measured agreement or whose claim the counts rest on."""

    def count_stream(self, pieces: Iterable[str]) -> int:
        """Count the concatenation of ``pieces`` as ``count`` does, a block at a time."""
        family = self._family
        costs = segments(family.vocabulary, family.caps_from)
        before = Before.FRAME if family.frame_opens_word else Before.NOTHING
        total, rest, sought = 0, "", _STREAM_BLOCK
        for piece in pieces:
            rest += piece
            while line := _LINE_START.search(rest, sought):
                total += costs.cost(self._content(rest[: line.end()], before), before)
                before, rest, sought = Before.NOTHING, rest[line.end() :], _STREAM_BLOCK
            # What was searched is not searched again, but for a line feed whose letter is still to come.
            sought = max(_STREAM_BLOCK, len(rest) - 1)
        return total + self._last(rest, before)

    def count(self, text: str) -> int:
        """Return the tokens that ``text``, as one user message, adds to ``message_frame_tokens``.

        Line feeds that end a message are free up to a point, and a generation whose frame opens a word takes one
        leading space for nothing, but counts one token for a message without text.
        """
        family = self._family
        costs = segments(family.vocabulary, family.caps_from)
        before = Before.FRAME if family.frame_opens_word else Before.NOTHING
        total = start = 0
        while len(text) - start > _BLOCK and (line := _LINE_START.search(text, start + _BLOCK)):
            total += costs.cost(self._content(text[start : line.end()], before), before)
            before, start = Before.NOTHING, line.end()
        return total + self._last(text[start:], before)

    def _last(self, text: str, before: Before) -> int:
        """Count the end of a message."""
        costs = segments(self._family.vocabulary, self._family.caps_from)
        total = 0
        whole = self._content(text, before)
        content = whole.rstrip("\n")
        ending = len(whole) - len(content)
        # The frame closes with two line feeds, which the last ones of the text join; one token is the frame's.
        total += costs.newlines(ending + 2) - 1 if ending else 0
        if not content and before is Before.FRAME:
            return total + 1
        return total + costs.cost(content, before)

    def _content(self, text: str, before: Before) -> str:
        """Normalise text behind ``before``; the frame's word start stands for one leading space."""
        content = normalize(text, self._family.fold_quotes)
        if before is Before.FRAME and text[:1] == " " and content[:1] == " " and content[1:2] != " ":
            return content[1:]
        return content

    def count_many(self, texts: Sequence[str]) -> list[int]:
        """Count each text as a message of its own."""
        return [self.count(text) for text in texts]

    def count_parts(self, parts: Sequence[str]) -> list[int]:
        """Share out ``count("".join(parts))`` over the parts; the sum is exactly that count.

        A part's number is what it adds at its place, with the line feeds at its end paid for; the last part takes
        what the end of the message gives back.
        """
        if not parts:
            return []
        family = self._family
        costs = segments(family.vocabulary, family.caps_from)
        before = Before.FRAME if family.frame_opens_word else Before.NOTHING
        total = self.count("".join(parts))
        return share_out(parts, total, before, costs, lambda text: normalize(text, family.fold_quotes))
