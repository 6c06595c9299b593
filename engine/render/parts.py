"""Cutting a pack into parts of so many tokens each: files in the order they have, torn only where one is too large."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.errors import BudgetTooSmall
from engine.render.document import Document, FileSection, FormatName, Part
from engine.render.pack_text import chunk_in_format, file_in_format, write
from engine.render.tree import tree_lines

_MOST_PARTS = "9,999 of 9,999"
"""Longest number of a part that room is kept for."""
_LEAST_ROOM = 24
"""Tokens that must be left for text in a part that holds a single file."""
_WIDE_ENOUGH = 0.25
"""A file that has to be torn begins in a part with at least this much of its room left."""
_SLACK = 0.97
"""What is aimed at, where sums were found to be too low."""
_ROUNDS = 12
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Cut:
    """One part."""

    text: str
    tokens: int
    """Recount of the text."""
    files: tuple[str, ...]
    """Paths, as listed, of which it holds text."""
    torn: tuple[str, ...]
    """Those of them of which another part holds the rest."""


@dataclass(slots=True)
class _Content:
    """What one part is made of."""

    files: list[FileSection]
    lines: list[str]
    directories: list[str]
    first: bool = False


def cut(
    document: Document, name: FormatName, part_tokens: int, count_many: Callable[[Sequence[str]], list[int]]
) -> list[Cut]:
    """Cut a pack.

    Args:
        document: The whole pack.
        name: Its format.
        part_tokens: What a part may come to.
        count_many: Counts texts with the tokenizer of the model.

    Raises:
        BudgetTooSmall: not even a piece of each file fits; names the smallest size that works.
    """
    aim = part_tokens
    for _ in range(_ROUNDS):
        contents = list(_Cutter(document, name, aim, count_many).contents())
        texts = [
            _text(document, name, content, f"{number:,} of {len(contents):,}")
            for number, content in enumerate(contents, 1)
        ]
        tokens = count_many(texts)
        if max(tokens, default=0) <= part_tokens:
            held = [path for content in contents for path in dict.fromkeys(file.path for file in content.files)]
            return [_cut(*row, held) for row in zip(texts, tokens, contents, strict=True)]
        aim = int(aim * _SLACK)
    raise BudgetTooSmall(f"parts of {part_tokens:,} tokens cannot be made", f"try {part_tokens * 2:,}", part_tokens * 2)


def _cut(text: str, tokens: int, content: _Content, held: list[str]) -> Cut:
    paths = tuple(dict.fromkeys(file.path for file in content.files))
    return Cut(text, tokens, paths, tuple(path for path in paths if held.count(path) > 1))


def _text(document: Document, name: FormatName, content: _Content, part: str) -> str:
    marks = {file.path: min(piece.level for piece in file.parts) for file in content.files}
    return write(
        replace(
            document,
            part=part,
            files=tuple(content.files),
            notes=document.notes if content.first else (),
            lines=tuple(content.lines),
            directories=tuple(content.directories),
            tree=tuple(tree_lines(marks.items())),
        ),
        name,
    )


class _Cutter:
    """Fills parts one after the other."""

    def __init__(
        self, document: Document, name: FormatName, aim_tokens: int, count_many: Callable[[Sequence[str]], list[int]]
    ) -> None:
        self._document, self._name, self._count_many = document, name, count_many
        line = _Content([], ["x"], ["x"])
        (frame,) = count_many([_text(document, name, line, _MOST_PARTS)])
        self._room = aim_tokens - frame
        self._aim = aim_tokens
        self._content = _Content([], [], [], first=True)
        self._left = self._room - sum(self._costs([note + "\n" for note in document.notes]))

    def contents(self) -> Iterator[_Content]:
        """What each part holds; at least one part."""
        document = self._document
        for told, pick in ((document.directories, "directories"), (document.lines, "lines")):
            for line, tokens in zip(told, self._costs(told), strict=True):
                self._check(tokens)
                if tokens > self._left:
                    yield self._finished()
                getattr(self._content, pick).append(line)
                self._left -= tokens
        entries = self._costs([tree_lines([(file.path, 0)])[0] for file in document.files])
        bodies = self._count_many([file_in_format(file, self._name) for file in document.files])
        for file, entry, body in zip(document.files, entries, bodies, strict=True):
            if entry + body <= self._room:
                if entry + body > self._left:
                    yield self._finished()
                self._take(file, entry + body)
                continue
            if self._left < _WIDE_ENOUGH * self._room:
                yield self._finished()
            yield from self._torn(file, entry)
        yield self._content

    def _take(self, file: FileSection, tokens: int) -> None:
        self._content.files.append(file)
        self._left -= tokens

    def _finished(self) -> _Content:
        done, self._content, self._left = self._content, _Content([], [], []), self._room
        return done

    def _torn(self, file: FileSection, entry: int) -> Iterator[_Content]:
        (header,) = self._count_many(
            [file_in_format(replace(file, parts=(), span="9999999-9999999/9999999"), self._name)]
        )
        frame = entry + header
        self._check(frame + _LEAST_ROOM)
        pieces: list[Part] = []
        left = self._left - frame
        for part, tokens in self._small_enough(file.parts, self._room - frame):
            if tokens > left:
                if pieces:
                    self._take(_section(file, pieces), 0)
                yield self._finished()
                pieces, left = [], self._room - frame
            pieces.append(part)
            left -= tokens
        self._take(_section(file, pieces), 0)
        self._left = left

    def _small_enough(self, parts: Sequence[Part], room: int) -> Iterator[tuple[Part, int]]:
        """Parts with their tokens, those that are too large for any part in pieces."""
        costs = self._costs([part.text + part.note for part in parts])
        for part, tokens in zip(parts, costs, strict=True):
            if tokens <= room:
                yield part, tokens
                continue
            lines = _LINE.findall(part.text)
            held: list[str] = []
            first, used = 0, 0
            for number, (line, cost) in enumerate(zip(lines, self._costs(lines, joint=0), strict=True)):
                if used + cost > room and held:
                    yield _lines_of(part, first, held), used
                    held, first, used = [], number, 0
                for piece, price in self._pieces(line, cost, room):
                    if used + price > room and held:
                        yield _lines_of(part, first, held), used
                        held, first, used = [], number, 0
                    held.append(piece)
                    used += price
            rest = replace(_lines_of(part, first, held), note=part.note)
            yield rest, used + sum(self._costs([part.note]))

    def _pieces(self, line: str, cost: int, room: int) -> Iterator[tuple[str, int]]:
        """A line, in pieces where it is too long for any part."""
        if cost <= room or len(line) < 2:
            yield line, cost
            return
        middle = len(line) // 2
        halves = line[:middle], line[middle:]
        for half, price in zip(halves, self._costs(halves, joint=0), strict=True):
            yield from self._pieces(half, price, room)

    def _costs(self, texts: Sequence[str], joint: int = 1) -> list[int]:
        """Tokens of texts as they stand in the format, each with a little for its joint with the next."""
        return [tokens + joint for tokens in self._count_many([chunk_in_format(text, self._name) for text in texts])]

    def _check(self, needed: int) -> None:
        if needed > self._room:
            least = self._aim - self._room + needed
            raise BudgetTooSmall(
                f"parts of {self._aim:,} tokens are too small",
                f"the smallest size that works is about {least:,} tokens",
                least,
            )


def _section(file: FileSection, parts: Sequence[Part]) -> FileSection:
    total = file.span.rpartition("/")[2] or str(file.parts[-1].end)
    # A piece may end within a line: then it ends with a line break of its own, as every part of a pack does.
    whole = tuple(part if part.text.endswith("\n") else replace(part, text=part.text + "\n") for part in parts)
    return replace(file, parts=whole, span=f"{parts[0].start}-{parts[-1].end}/{total}")


def _lines_of(part: Part, first: int, held: Sequence[str]) -> Part:
    """Some lines of a part; verbatim ones are numbered as in the file."""
    text = "".join(held)
    if part.level:
        return replace(part, text=text, note="")
    start = min(part.end, part.start + first)
    last = min(part.end, start + max(0, text.count("\n") - text.endswith("\n")))
    return Part(start, last, part.level, text)
