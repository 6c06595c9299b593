"""What everything but chunk text costs, counted on the very strings that the formats write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns
from engine.render import json_format, markdown_format, plain_format, xml_format
from engine.render.document import Document, FormatName, RenderOptions
from engine.render.layout import all_file_lines
from engine.render.legend import legend_line
from engine.render.lines import capsule_line, gap_line
from engine.render.pack_text import check_format, chunk_in_format, plugged_format, write
from engine.render.tree import directory_head, split_path, tree_entry
from engine.visible import display_path, quoted

CountMany = Callable[[Sequence[str]], list[int]]
"""Counts each text on its own, with the tokenizer of the model."""

Counts = npt.NDArray[np.int64]

_JSON_TEXT_FACTOR = 1.2
"""Cost of text inside JSON strings against the text alone, when nothing can be sampled: escaped line breaks and quotes.
Measured per repository on seven of them with five encodings: 1.05 to 1.30, median 1.15."""

_FEWEST_SAMPLED = 500
"""Tokens of samples from which on a class has a factor of its own."""

_SPANS = ("128-134/144", "128801-134001/134402", "128801901-134001111/134402222")
"""Line ranges of files with up to 3, 6 and 9 digits of lines; encodings cut digits at most this fine or into ones."""

_VERBATIM = ("xml", "markdown", "plain")
"""Formats in which text costs what it costs alone."""
_FORMS = {"xml": xml_format, "markdown": markdown_format, "json": json_format, "plain": plain_format}


@dataclass(frozen=True, slots=True)
class FrameCosts:
    """Token costs of a pack's frame. Sums of these are upper bounds but for rounding at the joints (under 1 %).

    A solver that needs costs which simply add up takes ``fixed_tokens``; for each shown file ``header_tokens`` and
    ``tree_tokens``; for each file shown as a line ``line_tokens`` and ``tree_tokens``; for each chunk its tokens times
    the ``text_factor`` of its class and ``chunk_tokens``; and ``outline_scope_tokens`` for each scope at level 4,
    ``gap_tokens`` for each gap. ``estimate_tokens`` is closer.
    """

    fixed_tokens: int
    """Head, wrappers and a legend with every level."""
    minimal_tokens: int
    """The same with a legend of the one-line level alone: the smallest frame there is."""
    header_tokens: Counts
    """(m,) what stands around a shown file, line range included."""
    tree_tokens: Counts
    """(m,) the file in the tree, with the whole line head of its directory: an upper bound for a file on its own."""
    entry_tokens: Counts
    """(m,) the file in the tree, without its directory."""
    directory: npt.NDArray[np.int32]
    """(m,) index of the file's directory."""
    directory_tokens: Counts
    """(d,) line head of each directory, with its line break."""
    line_tokens: Counts
    """(m,) the one line of a file at level 5, with its line break; without its place in the tree."""
    path_tokens: Counts
    """(m,) the path alone."""
    gap_tokens: int
    """A line ``⋯ a-b`` for chunks that are not shown, without its two numbers; 0 for json."""
    number_tokens: tuple[int, ...]
    """(10,) a line number by its digits."""
    outline_scope_tokens: int
    """An outline line without its names, with two numbers of three digits."""
    chunk_tokens: int
    """What stands around a chunk's text, with two line numbers of four digits; 0 but for json."""
    unwritten_capsule_tokens: Counts
    """(m,) the capsule line that the cost of level 3 holds and json does not write; 0 in the other formats."""
    text_factor: tuple[float, ...]
    """(10,) cost of text at levels 0-3 in this format against the text alone, by class; 1.0 but for json."""
    span_tokens: int
    """What the line range adds to a header; files that are shown whole and verbatim have none."""
    legend_tokens: tuple[int, ...]
    """(6,) what each level adds to the legend."""


def frame_costs(
    columns: Columns,
    format_name: FormatName,
    count_many: CountMany,
    memo: dict[str, int] | None = None,
    *,
    title: str = "",
    revision: str = "",
    samples: Sequence[str] = (),
    sample_classes: Sequence[int] = (),
) -> FrameCosts:
    """Count the frame of a pack.

    Args:
        columns: The scanned repository; ``tokens[:, 0]`` stands in the files' lines.
        format_name: The output format.
        count_many: Counts texts with the tokenizer of the model.
        memo: Remembers counts of strings over calls (same tokenizer only); is added to.
        title: As in ``RenderOptions``.
        revision: As in ``RenderOptions``.
        samples: A few chunk texts; json measures its ``text_factor`` on them.
        sample_classes: Index of the class of each; without it, all classes share one factor.

    Returns:
        The costs, arrays over the m files.

    Raises:
        UsageError: The format does not exist.
    """
    check_format(format_name)
    form: Any = _FORMS[format_name] if format_name in _FORMS else plugged_format(format_name)
    count = _Counter(count_many, {} if memo is None else memo)
    paths = [display_path(file.path) for file in columns.files]
    words = [quoted(file.path) for file in columns.files] if format_name == "plain" else paths
    language = max((file.language for file in columns.files), key=len, default="python")

    places = [split_path(file.path) for file in columns.files]
    heads = {head: index for index, head in enumerate(dict.fromkeys(head for head, _ in places))}
    path_tokens = count.each([form.entry(path) for path in paths])
    # The frame of a header does not depend on the path but at the joints, so it is counted once.
    bare = count.one(form.entry("a/b.py"))
    frames = [count.one(form.header("a/b.py", language, span)) - bare for span in _SPANS]
    longest = np.array([len(str(file.lines)) for file in columns.files], dtype=np.int64)
    frame = np.array(frames, dtype=np.int64)[np.minimum((longest - 1) // 3, len(frames) - 1)]
    directory_tokens = count.each([form.entry(directory_head(head)) for head in heads]) + _line_end(count, format_name)
    entry_tokens = count.each([form.entry(tree_entry(0, name)) for _, name in places])
    directory = np.fromiter((heads[head] for head, _ in places), dtype=np.int32, count=len(places))
    line_tokens = count.each([form.entry(line) for line in all_file_lines(columns)]) + _line_end(count, format_name)

    numbers = tuple(count.one("1288013440"[:digits]) if digits else 0 for digits in range(10))
    gap = count.one(gap_line(128, 134) + "\n")
    capsule = count.one(capsule_line("a/b.py", 128, 134) + "\n")
    chunk = _chunk_frame(count) if format_name == "json" else 0
    levels = tuple(count.one(legend_line((level,), False).replace("Levels:", ";")) for level in range(6))
    return FrameCosts(
        fixed_tokens=count.one(_frame(format_name, title, revision, range(6))),
        minimal_tokens=count.one(_frame(format_name, title, revision, (5,))),
        header_tokens=count.each([form.entry(word) for word in words]) + frame,
        tree_tokens=entry_tokens + directory_tokens[directory] if len(places) else entry_tokens,
        entry_tokens=entry_tokens,
        directory=directory,
        directory_tokens=directory_tokens,
        line_tokens=line_tokens,
        path_tokens=path_tokens,
        gap_tokens=0 if chunk else gap - 2 * numbers[3],
        number_tokens=numbers,
        outline_scope_tokens=chunk or gap,
        chunk_tokens=chunk,
        unwritten_capsule_tokens=path_tokens + (capsule - bare) if chunk else np.zeros_like(path_tokens),
        text_factor=_text_factors(count, format_name, samples, sample_classes),
        span_tokens=max(0, frames[0] - (count.one(form.header("a/b.py", language, "")) - bare)),
        legend_tokens=levels,
    )


def _frame(format_name: FormatName, title: str, revision: str, levels: Sequence[int]) -> str:
    """A pack with one short line in each place, so that every wrapper is there."""
    options = RenderOptions(format_name, title, revision)
    legend = legend_line(levels, gaps=len(levels) > 1, marks=format_name != "json")
    document = Document(display_path(options.title), display_path(options.revision), legend, ("./",), ("a",), ())
    return write(document, format_name)


def _line_end(count: _Counter, format_name: FormatName) -> int:
    """Tokens of what ends a line of the tree."""
    return count.one('","' if format_name == "json" else "\n")


def _chunk_frame(count: _Counter) -> int:
    """What one more chunk adds in json: its frame joins with what stands beside it."""
    text = json_format.encoded("return value\n")
    chunk = json_format.chunk_frame().replace('""', f'"{text}"')
    return count.one(chunk * 3) - count.one(chunk * 2) - count.one(text)


def _text_factors(
    count: _Counter, format_name: FormatName, samples: Sequence[str], classes: Sequence[int]
) -> tuple[float, ...]:
    if format_name in _VERBATIM:
        return (1.0,) * len(CLASSES)
    bare = count.each(samples)
    written = count.each([chunk_in_format(text, format_name) for text in samples])
    usual = max(1.0, int(written.sum()) / int(bare.sum())) if bare.sum() else _JSON_TEXT_FACTOR
    factors = [usual] * len(CLASSES)
    for number in set(classes):
        rows = [row for row, found in enumerate(classes) if found == number]
        if bare[rows].sum() >= _FEWEST_SAMPLED:
            factors[number] = max(1.0, int(written[rows].sum()) / int(bare[rows].sum()))
    return tuple(factors)


class _Counter:
    """Counts each different string once."""

    def __init__(self, count_many: CountMany, memo: dict[str, int]) -> None:
        self._count_many = count_many
        self._memo = memo

    def each(self, texts: Sequence[str]) -> Counts:
        """Count texts; (len(texts),)."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._memo]
        if missing:
            self._memo.update(zip(missing, self._count_many(missing), strict=True))
        return np.fromiter((self._memo[text] for text in texts), dtype=np.int64, count=len(texts))

    def one(self, text: str) -> int:
        """Count one text."""
        return int(self.each([text])[0])
