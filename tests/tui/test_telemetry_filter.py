"""Filters of calls as they are typed, and the rows of a history that is never read whole."""

from __future__ import annotations

import datetime

import pytest
from rich.cells import cell_len
from rich.style import Style

from engine.telemetry.filters import EventFilter
from engine.telemetry.words import Outcome
from tests.tui.fake_telemetry import FakeTelemetry, sample_events
from tests.tui.hostile import HOSTILE
from tui.telemetry.choices import Choices, choices_of, typeable
from tui.telemetry.figures import WINDOW, Window
from tui.telemetry.filters import SINCE, completions, next_since, read_filter, with_name
from tui.telemetry.rows import MOST_WINDOWS, EventRows
from tui.widgets.row_source import RowState

NOW = datetime.datetime(2026, 11, 22, 15, 30, tzinfo=datetime.UTC)
CHOICES = choices_of(FakeTelemetry(sample_events(200)).report(EventFilter()))


def wanted(text: str, choices: Choices = CHOICES) -> EventFilter:
    found = read_filter(text, choices, NOW)
    assert not found.trouble
    return found.wanted


def trouble(text: str) -> str:
    return read_filter(text, CHOICES, NOW).trouble


def test_names_may_be_begun_only_and_joined() -> None:
    assert wanted("provider:openai").providers == ("openai",)
    assert set(wanted("provider:op,ant").providers) == {"openai", "anthropic"}
    assert wanted("model:opus").models == ("claude-opus-5-5",)
    assert wanted("complexity:l category:do") == EventFilter(complexities=("low",), categories=("docs",))
    assert wanted("  ") == wanted("provider:") == wanted("since:") == EventFilter()


@pytest.mark.parametrize("said", ["truncated", "trunc", "cut_off", "cut"])
def test_outcomes_have_the_words_of_the_screen_and_of_the_command(said: str) -> None:
    assert wanted(f"outcome:{said}").outcomes == (Outcome.TRUNCATED,)


def test_times_are_those_of_the_commands() -> None:
    found = wanted("since:7d until:2026-11-21T06:00")
    assert found.since == datetime.datetime(2026, 11, 15, tzinfo=datetime.UTC)
    assert found.until == datetime.datetime(2026, 11, 21, 6, tzinfo=datetime.UTC)


def test_words_without_a_key_are_looked_for() -> None:
    assert wanted("gpt-5.5").models == ("gpt-5.5",)
    assert wanted("docs cut").outcomes == (Outcome.TRUNCATED,)
    assert wanted("docs cut").categories == ("docs",)


def test_what_is_wrong_is_named_with_the_nearest_choice() -> None:
    assert trouble("provider:opnai") == "there is no provider 'opnai'; did you mean openai?"
    assert trouble("provder:openai") == "calls have no 'provder'; did you mean provider:?"
    assert "7d or 24h" in trouble("since:yesterday")
    assert "there is " in trouble("model:zzz")
    assert trouble("zzz").startswith("there is no model, category, provider or outcome 'zzz'")


def test_a_key_takes_a_name_in_place_of_another_and_gives_it_back() -> None:
    assert with_name("model:a docs", "model", "b c") == "docs model:b_c"
    assert with_name("docs model:b_c", "model", "b c") == "docs"
    assert with_name("", "category", "") == "category:none"


def test_times_go_round() -> None:
    text, seen = "docs", []
    for _ in SINCE:
        text = next_since(text)
        seen.append(text)
    assert seen == ["docs since:24h", "docs since:7d", "docs since:30d", "docs since:90d", "docs"]


def test_choices_are_offered_with_their_calls() -> None:
    found = completions("docs provider:", CHOICES)
    assert {text for text, _ in found} == {f"docs provider:{name}" for name in ("openai", "anthropic", "gemini")}
    assert sum(calls for _, calls in found) == 200
    assert [calls for _, calls in found] == sorted((calls for _, calls in found), reverse=True)
    assert completions("pro", CHOICES) == [("provider:", -1)]
    assert completions("since:7", CHOICES) == [("since:7d", -1)]
    assert [text for text, _ in completions("outcome:c", CHOICES)] == ["outcome:cut_off"]
    assert completions("docs ", CHOICES) == []


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 100_000])
def test_any_name_can_be_typed(name: str) -> None:
    said = typeable(name)
    assert said.isprintable()
    assert said
    assert " " not in said
    assert "," not in said
    assert wanted(with_name("", "model", name), Choices({"model": {name: 3}})).models == (name,)


def test_rows_are_wanted_when_they_are_drawn_and_few_are_kept() -> None:
    telemetry = FakeTelemetry(sample_events(9_000))
    wishes: list[int] = []
    rows = EventRows(wishes.append)

    def read(first: int) -> None:
        page = telemetry.page(EventFilter(), WINDOW, first)
        rows.take(Window(page.total, first, page.events))

    def drawn(row: int, width: int = 100) -> str:
        return "".join(one.text for one in rows.row_segments(row, width, RowState.PLAIN, lambda name: Style()))

    read(0)
    assert rows.row_count() == 9_000
    assert not wishes
    assert "·" * 5 in drawn(5_000)
    assert wishes == [5_000]
    for first in range(0, 9_000, WINDOW):
        read(first)
    assert rows.kept == MOST_WINDOWS * WINDOW
    newest = telemetry.page(EventFilter(), 1, 8_999).events[0]
    assert rows.event(8_999) == newest
    assert f"{newest.selected_budget:,}" in drawn(8_999)
    for width in (20, 53, 73, 113, 193):
        assert cell_len(drawn(8_999, width)) <= width
