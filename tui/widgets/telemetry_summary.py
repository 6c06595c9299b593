"""The figures of all calls that the filter holds for, in two lines; trouble takes their place in words."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive

from engine.telemetry.words import Outcome
from tui.telemetry.figures import Figures
from tui.telemetry.words import MEANING, OUTCOMES, band, money, ratio, share
from tui.text import number, short_number
from tui.widgets.painted import Painted, Row
from tui.widgets.report_line import Fact, fitting, trouble_lines

_GAP = "  ·  "
_ROOMY = 112
"""Cells from which there is room for all of what waste means."""
_OUTCOME_PARTS = {Outcome.TRUNCATED: "near", Outcome.FAILED: "over"}


class TelemetrySummary(Painted):
    """Counts by outcome above, truncation, waste with what it means, and cost below."""

    PREFIX = "telemetry-summary"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"telemetry-summary--{part}" for part in ("value", "muted", "near", "over", "trouble")
    }
    DEFAULT_CSS = """
    TelemetrySummary {
        height: 2; padding: 0 2;
        & > .telemetry-summary--value { color: $foreground; }
        & > .telemetry-summary--muted { color: $muted; }
        & > .telemetry-summary--near { color: $budget-near; text-style: bold; }
        & > .telemetry-summary--over { color: $budget-over; text-style: bold; }
        & > .telemetry-summary--trouble { color: $budget-over; text-style: bold; }
    }
    """

    figures: reactive[Figures | None] = reactive(None)
    """What is known."""
    trouble: reactive[str] = reactive("")
    """What is wrong."""

    def watch_figures(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_trouble(self) -> None:
        """Draw anew."""
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """The facts that fit, or what is wrong."""
        if self.trouble:
            return [[(line, self.ink("trouble"))] for line in trouble_lines(self.trouble, width, height)]
        if self.figures is None or not self.figures.total["n"]:
            return []
        made: list[Row] = []
        for facts in (_counts(self.figures), _wastes(self.figures, width)):
            row: Row = []
            for fact in fitting(facts, width):
                if row:
                    row.append((_GAP, self.ink("muted")))
                row.append((fact.text, self.ink(fact.part)))
            made.append(row)
        return made


def _counts(figures: Figures) -> list[Fact]:
    total = figures.total
    facts = [Fact(f"{number(total['n'])} calls", "value", 0, 0)]
    for outcome, (mark, word) in OUTCOMES.items():
        calls = total["outcomes"][outcome]
        part = _OUTCOME_PARTS.get(outcome, "value") if calls else "muted"
        facts.append(Fact(f"{mark} {word} {number(calls)}".strip(), part, 5 if not calls else 2, 0))
    tokens = f"{short_number(total['prompt_tokens'])} in, {short_number(total['output_tokens'])} out"
    facts.append(Fact(tokens, "muted", 6, 0))
    if total["cost_usd"] is not None:
        facts.append(Fact(f"{money(total['cost_usd'])} USD, {number(total['priced'])} priced", "value", 4, 0))
    return facts


def _wastes(figures: Figures, width: int) -> list[Fact]:
    total = figures.total
    facts = []
    if total["truncation"] is not None:
        interval = band(*total["truncation_interval"])
        facts.append(Fact(f"cut off {share(total['truncation'])} ({interval})", "value", 1, 1))
    waste = total["ceiling_waste"]
    if waste["p50"] is not None and width < _ROOMY:
        facts.append(Fact(f"ceiling waste {ratio(waste['p50'])} (reserved, not billed)", "value", 2, 1))
    elif waste["p50"] is not None:
        facts.append(Fact(f"ceiling waste {ratio(waste['p50'])}, p90 {ratio(waste['p90'])}", "value", 2, 1))
        reserved, used = short_number(total["reserved_tokens"]), short_number(total["used_tokens"])
        facts += [
            Fact(f"{reserved} reserved, {used} used", "muted", 4, 1),
            Fact(MEANING, "muted", 3, 1),
        ]  # fmt: skip
    if total["coverage_warning"]:
        facts.append(Fact(f"! {share(total['coverage'], 0)} of ceilings measured", "near", 2, 1))
    return facts or [Fact("no call has a limit whose use is known", "muted", 0, 1)]
