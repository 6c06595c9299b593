"""A proposed update in rows: what it rests on, weights before and after, and what it gains on later commits."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any, ClassVar

from textual.geometry import Size
from textual.reactive import reactive

from engine.visible import visible_name
from tui.lesson_facts import Proposal
from tui.text import bar, fit, mark, number
from tui.widgets.names import shown_name
from tui.widgets.painted import Painted, Row

_NAME = 11
_LABEL = 10
_MOST_BAR = 24
_KEPT, _MORE, _LESS = "█", "▓", "░"
"""A weight's bar: what both have, what it gains, what it loses."""
_COMMIT = 12


class LessonPanel(Painted):
    """As high as what there is to say; what decides comes first."""

    PREFIX = "lesson-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lesson-panel--label", "lesson-panel--bar", "lesson-panel--more", "lesson-panel--less", "lesson-panel--gain",
        "lesson-panel--refused",
    }  # fmt: skip
    DEFAULT_CSS = """
    LessonPanel {
        height: auto; width: 100%; background: $surface;
        & > .lesson-panel--label { color: $muted; }
        & > .lesson-panel--bar { color: $primary; }
        & > .lesson-panel--more { color: $accent; text-style: bold; }
        & > .lesson-panel--less { color: $muted; }
        & > .lesson-panel--gain { color: $budget-ok; text-style: bold; }
        & > .lesson-panel--refused { color: $budget-over; text-style: bold; }
    }
    """

    proposal: reactive[Proposal | None] = reactive(None, layout=True)
    """What to tell of."""

    is_kept: reactive[bool] = reactive(False)
    """Whether it was accepted."""

    def watch_is_kept(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_proposal(self) -> None:
        """Draw anew."""
        self.repaint()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are words for."""
        return len(self.rows(width, 1_000))

    def rows(self, width: int, height: int) -> list[Row]:
        """Verdict, evidence, weights, gain."""
        if self.proposal is None or width < 30:
            return []
        data = self.proposal.data
        made = self._verdict(data, width)
        if data["moves"]:
            made += [[], *self._moves(data["moves"], width)]
        if data["later"] is not None:
            made += [[], *self._gain("later", data["later"], width)]
        made.append([])
        for label, words in facts_of(data):
            made += self._folded(label, words, width)
        if data["earlier"] is not None:
            made += [[], *self._gain("earlier", data["earlier"], width)]
        return made[:height]

    def _verdict(self, data: Mapping[str, Any], width: int) -> list[Row]:
        refused = data["refused"]
        waits = "" if self.is_kept else "; nothing changes until it is accepted"
        words = f"refused: {refused}" if refused else f"a gain on later commits{waits}"
        ink = self.ink("refused" if refused else "gain")
        return [[(line, ink)] for line in wrap(visible_name(words), width, max_lines=3, placeholder=" …")]

    def _folded(self, label: str, words: str, width: int) -> list[Row]:
        lines = wrap(visible_name(words), max(10, width - _LABEL), max_lines=3, placeholder=" …")
        return [
            [(fit("" if at else label, _LABEL), self.ink("label")), (line, self.ink())] for at, line in enumerate(lines)
        ]

    def _moves(self, moves: list[dict[str, Any]], width: int) -> list[Row]:
        cells = max(6, min(_MOST_BAR, width - _NAME - 20))
        top = max(max(one["before"], one["after"]) for one in moves) or 1.0
        why = width - _NAME - 19 - cells - 2
        head = fit("class", _NAME) + fit("weight", 7, right=True) + fit("after", 9, right=True)
        made: list[Row] = [[(head, self.ink("label"))]]
        fits = why >= max(len(one["why"]) for one in moves) + 1
        for one in moves:
            row: Row = [
                (fit(shown_name(one["class"], _NAME - 1), _NAME), self.ink()),
                (fit(f"{one['before']:g}", 7, right=True), self.ink()), (" → ", self.ink("label")),
                (fit(f"{one['after']:g}", 6, right=True) + "  ", self.ink("more")),
                *self._weight(one["before"] / top, one["after"] / top, cells),
            ]  # fmt: skip
            if fits:
                row.append((" " + fit(one["why"], why), self.ink("label")))
            made.append(row)
            if not fits:
                made += self._folded("", one["why"], width)
        return made

    def _weight(self, before: float, after: float, cells: int) -> Row:
        was, now = round(before * cells), round(after * cells)
        both = max(1, min(was, now))
        rest = max(0, cells - max(was, now, both))
        return [
            (_KEPT * both, self.ink("bar")), (_MORE * max(0, now - both), self.ink("more")),
            (_LESS * max(0, was - max(both, now)), self.ink("less")), (" " * rest, self.ink()),
        ]  # fmt: skip

    def _gain(self, name: str, gain: dict[str, Any], width: int) -> list[Row]:
        cells = max(8, min(_MOST_BAR, width - _LABEL - 12))
        told = (
            "held out: later commits, which taught nothing" if name == "later" else "earlier commits, which taught it"
        )
        made: list[Row] = [[(fit(f"{told} · {number(gain['commits'])}", width), self.ink("label"))]]
        for label in ("before", "after"):
            share = gain[label]
            made.append([
                (fit(label, _LABEL), self.ink("label")), (bar(share, cells), self.ink("bar")),
                (f" {100 * share:5.1f} %" + (" of the edited lines shown" if width >= 72 else ""), self.ink()),
            ])  # fmt: skip
        words = (
            f"{points(gain['difference'])} points, {gain['confidence']:.0%} interval {points(gain['low'])} to "
            f"{points(gain['high'])} · {gain['better']} better, {gain['worse']} worse"
        )
        made += self._folded("gain", words, width)
        if name == "later":
            made.append([(" " * _LABEL, self.ink()), *self._interval(gain, cells)])
        return made

    def _interval(self, gain: dict[str, Any], cells: int) -> Row:
        """The interval on an axis that has zero in it: ``│`` is no gain, ``●`` the mean."""
        low, high, mean = gain["low"], gain["high"], gain["difference"]
        first, last = min(low, 0.0), max(high, 0.0)
        span = (last - first) or 1.0

        def at(value: float) -> int:
            cell: int = round((value - first) / span * (cells - 1))
            return cell

        line = [" "] * cells
        for cell in range(at(low), at(high) + 1):
            line[cell] = "─"
        line[at(low)], line[at(high)] = "├", "┤"
        line[at(0.0)] = "│"
        line[at(mean)] = "●"
        return [("".join(line), self.ink("gain" if gain["is_gain"] else "refused")), ("  │ no gain", self.ink("label"))]


def points(share: float) -> str:
    """Write a difference of shares in points: ``+2.8``."""
    return f"{100 * share:+.1f}".replace("-", "−")


def facts_of(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, words) of what a proposal is about and rests on."""
    evidence = data["evidence"]
    commits = evidence["commits"]
    asked = "the message of the commit" if data["query"] == "message" else "nothing in particular"
    version = "to be made" if data["version"] is None else f"version {data['version']}"
    made = [("profile", f"{data['profile']}, {version} · packs for {asked} · {number(data['budget'])} tokens")]
    told = commits["earlier"] + commits["later"]
    packs = f" · {number(evidence['packs'])} recorded packs teach too" if evidence["packs"] else ""
    parts = f"{number(commits['earlier'])} earlier ones teach, {number(commits['later'])} later ones measure{packs}"
    made.append(("commits", f"{number(told)} of {number(commits['looked_at'])} tell something: {parts}"))
    if evidence["first"]:
        made.append(("", f"{evidence['first'][:_COMMIT]} to {evidence['last'][:_COMMIT]}"))
    if evidence["lines"]:
        classes = ", ".join(f"{name} {number(lines)}" for name, lines in evidence["classes"].items())
        made.append(("edited", f"{number(evidence['lines'])} lines: {classes}"))
        shares = [
            f"{mark(int(level)).name} {share:.0%}" for level, share in evidence["levels"].items() if share >= 0.005
        ]
        made.append(("shown now", ", ".join(shares)))
    if evidence["signals"]:
        made.append(("signals", ", ".join(f"{name} {share:.0%}" for name, share in evidence["signals"].items())))
    return made
