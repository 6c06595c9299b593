"""What a query is after: the intent with its confidence and reasons, what the query names, what that changes."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.reactive import reactive

from tui.search_facts import INTENTS, EntityFacts, Found
from tui.text import fit, percent
from tui.widgets.names import shown_name
from tui.widgets.painted import Painted, Row

_LABEL_CELLS = 9
_MOST_NAME = 48
"""Cells of one thing that the query names."""


class IntentPanel(Painted):
    """One to three rows; the first names all intents there are and marks the one in force."""

    PREFIX = "intent-panel"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "intent-panel--label", "intent-panel--chosen", "intent-panel--other", "intent-panel--kind",
        "intent-panel--hand",
    }  # fmt: skip
    DEFAULT_CSS = """
    IntentPanel {
        & > .intent-panel--label { color: $muted; }
        & > .intent-panel--other { color: $muted; }
        & > .intent-panel--chosen { color: $primary; text-style: bold; }
        & > .intent-panel--hand { color: $accent; text-style: bold; }
        & > .intent-panel--kind { color: $secondary; }
    }
    """

    found: reactive[Found | None] = reactive(None)
    """The answer; None while there is none."""
    chosen: reactive[str] = reactive("")
    """Intent that was chosen by hand, or ``""``."""

    def watch_found(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_chosen(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Intent; what is named; what changes."""
        room = width - _LABEL_CELLS
        if room < 12:
            return []
        made = [self._intents(room)]
        found = self.found
        if found is not None:
            made.append(self._named(found.entities, room))
            changes = " · ".join(found.changes)
            made.append([(fit("so", _LABEL_CELLS), self.ink("label")), (shown_words(changes, room), self.ink())])
        return made[:height]

    def _intents(self, room: int) -> Row:
        found = self.found
        name = self.chosen or (found.intent if found is not None else "")
        row: Row = [(fit("intent", _LABEL_CELLS), self.ink("label"))]
        used = 0
        for intent in INTENTS:
            is_it = intent == name
            text = f"[{intent}]" if is_it else intent
            if not is_it and room < 76:
                continue
            ink = self.ink("hand" if self.chosen else "chosen") if is_it else self.ink("other")
            row += [(text, ink), (" ", self.ink())]
            used += len(text) + 1
        if found is not None:
            words = f"{percent(found.confidence)}"
            reasons = ", ".join(found.reasons) or "nothing speaks for another"
            words += f" · {reasons}" + (" · I goes on" if self.chosen else "")
            row.append((shown_words(words, room - used), self.ink()))
        elif not name:
            row.append((shown_words("told when you search", room - used), self.ink("label")))
        return row

    def _named(self, entities: tuple[EntityFacts, ...], room: int) -> Row:
        row: Row = [(fit("names", _LABEL_CELLS), self.ink("label"))]
        if not entities:
            return [*row, (fit("nothing that rules know", room), self.ink("label"))]
        used = 0
        for at, entity in enumerate(entities):
            place = f":{entity.line}" if entity.line else ""
            inside = f" in {shown_name(entity.inside, _MOST_NAME // 2)}" if entity.inside else ""
            text = shown_name(entity.name, _MOST_NAME) + place + inside
            more = f" +{len(entities) - at} more"
            kind = f"{entity.kind} "
            gap = "  " if used else ""
            needed = len(gap) + len(kind) + cell_len(text)
            is_last = at == len(entities) - 1
            if used and used + needed + (0 if is_last else len(more)) > room:
                row.append((more, self.ink("label")))
                break
            row += [(gap + kind, self.ink("kind")), (text, self.ink())]
            used += needed
        return row


def shown_words(words: str, cells: int) -> str:
    """A few words of ours and of rules in so many cells, cut at the end."""
    return fit(words, min(cells, cell_len(words))) if cells > 0 else ""
