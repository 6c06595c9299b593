"""The report of a finished pack beside its text: levels, classes, and what is not in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any, ClassVar

from textual.geometry import Size
from textual.reactive import var

from engine.live import Settled
from engine.model import CLASSES
from engine.visible import visible_name
from tui.text import MARKS, bar, fit, mark, number, percent
from tui.widgets.painted import Painted, Row

_PARTS = re.compile(r"^[\d,]+ of [\d,]+ chunks: ")
_NAME_CELLS = 11
_COUNT_CELLS = 9
_MOST_REASONS = 12


class PackSummary(Painted):
    """Tables of the report. Numbers are those of ``pack --json``."""

    PREFIX = "pack-summary"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pack-summary--head", "pack-summary--quiet", "pack-summary--bar",
        *(f"pack-summary--{known.variable}" for known in MARKS), *(f"pack-summary--class-{kind}" for kind in CLASSES),
    }  # fmt: skip
    DEFAULT_CSS = f"""
    PackSummary {{
        height: auto; background: $background; color: $foreground;
        .pack-summary--head {{ color: $primary; text-style: bold; }}
        .pack-summary--quiet {{ color: $muted; }}
        .pack-summary--bar {{ color: $primary; }}
        {"".join(f".pack-summary--{known.variable} {{ color: ${known.variable}; }}" for known in MARKS)}
        {"".join(f".pack-summary--class-{kind} {{ color: $class-{kind}; }}" for kind in CLASSES)}
    }}
    """

    settled: var[Settled | None] = var(None)
    """The pack; None while there is none."""

    def watch_settled(self) -> None:
        """Report another pack."""
        self.repaint()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows; the container scrolls."""
        return len(self.rows(width, 999))

    def rows(self, width: int, height: int) -> list[Row]:
        """Levels, classes, and what was left out by reason."""
        if self.settled is None or width < 12:
            return []
        report, plain = self.settled.report, self.ink()
        rows: list[Row] = self._table("by level", self._level_lines(report), width)
        rows += [[], *self._table("by class", self._class_lines(report), width), []]
        excluded = by_reason(report.get("excluded", ()))
        files = sum(count for _, count, _ in excluded)
        if files:
            tokens = sum(one for _, _, one in excluded)
            head = f"not included: {number(files)} files, {number(tokens)} tokens"
            rows.append([(fit(head, width).rstrip(), self.ink("head"))])
            rows.append([(f"{'files':>6}{'tokens':>{_COUNT_CELLS + 1}} why", self.ink("quiet"))])
        for reason, count, tokens in excluded[:_MOST_REASONS]:
            numbers = f"{number(count):>6}{number(tokens):>{_COUNT_CELLS + 1}} "
            words = wrap(visible_name(reason), max(8, width - len(numbers)), max_lines=3, placeholder=" …") or [""]
            for index, line in enumerate(words):
                rows.append([(numbers if not index else " " * len(numbers), plain), (line, self.ink("quiet"))])
        if len(excluded) > _MOST_REASONS:
            rows.append([(f"… {number(len(excluded) - _MOST_REASONS)} more reasons", self.ink("quiet"))])
        return rows

    def _level_lines(self, report: Mapping[str, Any]) -> Iterable[tuple[str, str, int, int]]:
        for name, entry in report.get("levels", {}).items():
            if entry["chunks"]:
                known = mark(int(name))
                yield f"{known.glyph} {known.name}", known.variable, entry["chunks"], entry["tokens"]

    def _class_lines(self, report: Mapping[str, Any]) -> Iterable[tuple[str, str, int, int]]:
        for name, entry in report.get("classes", {}).items():
            if entry["tokens"] and name in CLASSES:
                yield name, f"class-{name}", entry.get("shown", entry["chunks"]), entry["tokens"]

    def _table(self, head: str, lines: Iterable[tuple[str, str, int, int]], width: int) -> list[Row]:
        known = [*lines]
        total = max(1, sum(tokens for _, _, _, tokens in known))
        head = fit(head, _NAME_CELLS)
        rows: list[Row] = [[
            (head, self.ink("head")), (f"{'chunks':>{_COUNT_CELLS}}{'tokens':>{_COUNT_CELLS}}", self.ink("quiet")),
        ]]  # fmt: skip
        room = width - _NAME_CELLS - 2 * _COUNT_CELLS - 9
        for name, part, chunks, tokens in known:
            row: Row = [(fit(name, _NAME_CELLS), self.ink(part))]
            row.append((f"{number(chunks):>{_COUNT_CELLS}}{number(tokens):>{_COUNT_CELLS}}", self.ink()))
            row.append((f"{percent(tokens / total):>8} ", self.ink("quiet")))
            if room >= 4:
                row.append((bar(tokens / total, room), self.ink("bar")))
            rows.append(row)
        return rows


def by_reason(excluded: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Sum what is not included: (reason, files, tokens), most tokens first."""
    files: dict[str, int] = defaultdict(int)
    tokens: dict[str, int] = defaultdict(int)
    for entry in excluded:
        # How many chunks of each file are missing would make every file a reason of its own.
        reason = _PARTS.sub("in part: ", entry["reason"])
        files[reason] += 1
        tokens[reason] += entry.get("tokens", 0)
    return sorted(((reason, files[reason], tokens[reason]) for reason in files), key=lambda one: (-one[2], one[0]))
