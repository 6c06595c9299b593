"""The report of the pack in a line or two; trouble takes its place in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.reactive import reactive

from engine.live import LivePack
from engine.model import Method, Model
from tui.answer import Answer
from tui.state import ViewState
from tui.text import fit, number, percent, short_number
from tui.widgets.names import shown_name, wrapped
from tui.widgets.painted import Painted, Row

_GAP = "  ·  "
_LONGEST_NAME = 40
"""Cells that a name of somebody else may take."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of the line."""

    text: str
    part: str
    """Component class."""
    rank: int
    """What goes first when room is short: the highest."""
    row: int
    """Row it stands in when there are two."""


class ReportLine(Painted):
    """Budget, tokens, quality, distance from optimal, method, model, profile, format."""

    PREFIX = "report-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"report-line--{part}" for part in ("value", "muted", "ok", "over", "estimate", "near", "trouble")
    }
    DEFAULT_CSS = """
    ReportLine {
        height: 2;
        padding: 0 2;
        & > .report-line--value { color: $foreground; }
        & > .report-line--muted { color: $muted; }
        & > .report-line--ok { color: $budget-ok; text-style: bold; }
        & > .report-line--near { color: $budget-near; text-style: bold; }
        & > .report-line--over { color: $budget-over; text-style: bold; }
        & > .report-line--estimate { color: $estimate; }
        & > .report-line--trouble { color: $budget-over; text-style: bold; }
    }
    """

    state: reactive[ViewState | None] = reactive(None)
    """Everything that is known."""

    def watch_state(self, before: ViewState | None, state: ViewState | None) -> None:
        """Draw anew when something that is shown changed."""
        if _shown(before) != _shown(state):
            self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The facts that fit, or what is wrong."""
        state = self.state
        if state is None:
            return []
        trouble = (state.pack.problem if state.pack else "") or state.trouble
        if trouble:
            return [[(line, self.ink("trouble"))] for line in trouble_lines(trouble, width, height)]
        facts = facts_of(state)
        made: list[Row] = []
        for at in range(min(height, 2)):
            kept = fitting([fact for fact in facts if height < 2 or fact.row == at], width)
            row: Row = []
            for fact in kept:
                if row:
                    row.append((_GAP, self.ink("muted")))
                row.append((fact.text, self.ink(fact.part)))
            made.append(row)
        return made


def facts_of(state: ViewState) -> list[Fact]:
    """What there is to say, in the order of the line."""
    facts = _pack_facts(state.pack) if state.pack else []
    if state.chart is not None:
        facts += _model_facts(state.chart.model)
    elif state.request.scan.model:
        facts.append(Fact(shown_name(state.request.scan.model, _LONGEST_NAME), "value", 3, 1))
    profile = shown_name(state.request.profile, _LONGEST_NAME) if state.request.profile else "no profile"
    unsaved = state.saved is not None and state.saved != state.request
    facts.append(Fact(profile + ("*" if unsaved else ""), "near" if unsaved else "muted", 5, 1))
    if state.pack is not None:
        facts.append(Fact(shown_name(state.pack.format, _LONGEST_NAME), "muted", 8, 1))
    if state.answer is not None:
        facts += _answer_facts(state.answer)
    return facts


def _answer_facts(answer: Answer) -> list[Fact]:
    """What the answer is for, how long it is going to be, and how sure that is."""
    task = shown_name(f"{answer.category}/{answer.complexity}", _LONGEST_NAME)
    p50, p90, p95 = map(short_number, answer.quantiles)
    return [
        Fact(f"answer {task}", "muted", 9, 1),
        Fact(f"p50 {p50} p90 {p90} p95 {p95}", "muted", 10, 1),
        Fact(f"confidence {answer.confidence:.2f}", "muted", 11, 1),
    ]


def _pack_facts(pack: LivePack) -> list[Fact]:
    over = pack.used_tokens - pack.budget_tokens
    budget = Fact(f"budget {number(pack.budget_tokens)}", "value", 1, 0)
    estimated = Fact(f"est {number(pack.est_used)}", "muted", 7 if pack.settled else 0, 0)
    if pack.actual is None:
        actual = Fact("counting…", "muted", 2, 0)
    else:
        actual = Fact(f"actual {number(pack.actual)}", "over" if over > 0 else "ok", 0, 0)
    facts = [budget, estimated, actual]
    if over > 0:
        facts.append(Fact(f"OVER +{number(over)}", "over", 0, 0))
    facts.append(Fact(f"quality {percent(pack.quality)}", "value", 2, 0))
    return [*facts, Fact(gap_words(pack.gap), "muted", 6, 0)]


def _model_facts(model: Model) -> list[Fact]:
    name = Fact(shown_name(model.id, _LONGEST_NAME), "value", 3, 1)
    exact = model.method is Method.EXACT
    return [name, Fact(method_words(model), "muted" if exact else "estimate", 6 if exact else 2, 1)]


def gap_words(gap: float) -> str:
    """How far the pack can be from the best one at most."""
    if gap <= 0:
        return "optimal"
    percentage = 100 * gap
    return "≤ 0.01 % from optimal" if percentage < 0.01 else f"≤ {percentage:.2f} % from optimal"


def method_words(model: Model) -> str:
    """How tokens are counted, with the band around counts that are not exact: ``estimate −20…+29 %``."""
    low, high = model.error_band
    if model.method is Method.EXACT or low == high == 0:
        return str(model.method)
    return f"{model.method} {_signed(low)}…{_signed(high)} %"


def _signed(share: float) -> str:
    digits = 0 if abs(share) >= 0.1 or share == 0 else 1
    return f"{100 * share:+.{digits}f}".replace("-", "−")


def fitting(facts: list[Fact], width: int, gap: int = len(_GAP)) -> list[Fact]:
    """Drop facts, the least important first, until the rest fits; the last one is cut."""
    kept = list(facts)
    while len(kept) > 1 and sum(cell_len(fact.text) + gap for fact in kept) - gap > width:
        kept.remove(max(kept, key=lambda fact: fact.rank))
    if len(kept) == 1 and cell_len(kept[0].text) > width:
        only = kept[0]
        kept = [Fact(fit(only.text, width), only.part, only.rank, only.row)]
    return kept


def trouble_lines(trouble: str, width: int, height: int) -> list[str]:
    """Fold what is wrong into the rows that are there; visible text, the last row cut if it must be."""
    return [fit(line, width) for line in wrapped(f"! {trouble}", width, height)]


def _shown(state: ViewState | None) -> object:
    if state is None:
        return None
    return (id(state.pack), id(state.chart), id(state.answer), state.trouble, state.saved == state.request,
            state.request.profile, state.request.scan.model)  # fmt: skip
