"""Events are kept, known again, found by filter, and their figures stay in step; on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.budgets import Step
from engine.errors import InputError
from engine.store.budgets import find_budget, save_budget
from engine.store.database import Database, open_database
from engine.store.estimator_versions import apply_version, current_version, roll_back, version_history
from engine.store.migrate import alembic_config
from engine.store.revisions import SHIPPED
from engine.store.status import database_status
from engine.store.telemetry_figures import figures
from engine.store.telemetry_input import input_errors
from engine.store.telemetry_packs import list_packs, write_packs
from engine.store.telemetry_places import forget_places, put_places, read_places
from engine.store.telemetry_read import each_event, get_event, list_events
from engine.store.telemetry_refusals import refused_rows
from engine.store.telemetry_rows import COLUMNS
from engine.store.telemetry_tables import events as table
from engine.store.telemetry_windows import calls_on_trial, latest_calls
from engine.store.telemetry_write import write_events
from engine.telemetry import CeilingSource, Event, Finish, Outcome
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import to_us
from engine.telemetry.pack_event import PackEvent
from engine.telemetry.report import group_report
from engine.telemetry.rollup import nothing
from engine.telemetry.versions import StartedTrial

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
FULL = Event(
    timestamp=NOON, source="packsight", dedupe_key="k\0ü\udc80", provider="openai", model="gpt-5.5", category="docs",
    complexity="low", mode="large_refactor", effort="high", predicted_output_tokens=2600, selected_budget=4096,
    actual_max_tokens=4096, ceiling_source=CeilingSource.SENT, hard_cap_tokens=5000, actual_output_tokens=1200,
    reasoning_tokens=200, prompt_tokens=8000, cached_tokens=6000, cache_write_tokens=1000, truncated=False,
    finish=Finish.STOP, stop_reason="end_turn", attempt=2, estimator_version="prior-1", confidence=0.8,
    trace=(Step("base", None, 4096, "docs/low"),), escalation_reason="truncation", escalation_base_tokens=3000,
    escalation_base_source="actual_max_tokens", escalation_factor=1.25, deliverable_count=3, deliverables=("a.md",),
    api_reference_required=True, examples_required=False, research_required=False, usage_guide_required=True,
    context_quality="some", is_sot_file=False, sot_file_name="x", sot_entry_count_hint=4, run_id="r", phase_id="p",
    session_id="s", request_id="q", response_id="z", pack_key="pk", duration_s=1.5, cost_usd=Decimal("0.0123"),
    catalog_as_of="2026-11-21",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/t.db" if request.param == "sqlite" else request.getfixturevalue("url")
    with open_database(url, create=True) as opened:
        yield opened


def call(number: int, **other: object) -> Event:
    """One of many calls."""
    whole = Event(
        timestamp=NOON + datetime.timedelta(hours=number),
        source="test",
        dedupe_key=f"call {number}",
        provider=("openai", "anthropic", "gemini")[number % 3],
        model=f"m{number % 2}",
        category=("docs", "tests")[number % 2],
        complexity="low",
        selected_budget=1000,
        actual_max_tokens=1000,
        ceiling_source=CeilingSource.SENT,
        actual_output_tokens=1000 if number % 5 == 0 else 500,
        truncated=number % 5 == 0,
        predicted_output_tokens=600,
    )
    return replace(whole, **other)  # type: ignore[arg-type]


def everything(database: Database) -> Event | dict[str, object]:
    return group_report(*pair(database, EventFilter()))


def pair(database: Database, wanted: EventFilter):  # type: ignore[no-untyped-def]
    found = figures(database, wanted, lambda day, cell: cell.outcome)
    return sum(found.values(), nothing()), found.get(Outcome.TRUNCATED, nothing())


def test_every_column_comes_back(database: Database) -> None:
    assert write_events(database, [FULL]).added == 1
    back = list_events(database, EventFilter()).events[0]
    assert get_event(database, back.event_id) == back
    assert replace(back, event_id="") == replace(FULL, dedupe_key="k\\0ü\\udc80")
    assert all(getattr(FULL, field.name) != field.default for field in fields(Event) if field.name not in DEFAULTS)


DEFAULTS = ("event_id", "success", "complete")


def test_texts_of_any_length_are_kept_apart(database: Database) -> None:
    long = "ü" * 5000
    made = [call(n, dedupe_key=f"{long}{n}", model=f"{long}{n}", session_id=long, source=long) for n in range(3)]
    assert write_events(database, made).added == 3
    assert write_events(database, made).unchanged == 3
    back = list_events(database, EventFilter()).events
    assert len({event.dedupe_key for event in back}) == len({event.model for event in back}) == 3
    assert max(len(event.session_id) for event in back) <= 1000


def test_labels_are_normalised_once_for_all_writers(database: Database) -> None:
    write_events(database, [call(1, category="Documentation", provider="google", complexity="LOW")])
    event = list_events(database, EventFilter(categories=("doc",), providers=("vertex_ai",))).events[0]
    assert (event.category, event.provider, event.complexity) == ("docs", "gemini", "low")


def test_writer_reader_and_table_have_the_same_columns() -> None:
    assert {"id", "cell_id", *COLUMNS} == set(table.columns.keys())


def test_the_same_call_again_changes_nothing_and_a_better_one_replaces_it(database: Database) -> None:
    write_events(database, [call(1), call(2)])
    before = everything(database)
    again = write_events(database, [call(1), call(1), call(2)])
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert everything(database) == before
    longer = call(1, actual_output_tokens=900, timestamp=NOON + datetime.timedelta(days=3), model="other")
    stub = call(3, complete=False, actual_output_tokens=1, truncated=None)
    done = write_events(database, [longer, stub, call(3)])
    assert (done.added, done.updated, done.unchanged) == (1, 1, 1)
    with open_database(None, create=True) as direct:
        write_events(direct, [longer, call(2), call(3)])
        assert everything(direct) == everything(database)


def test_impossible_rows_are_refused_and_counted_whoever_writes_them(database: Database) -> None:
    bad = call(4, actual_output_tokens=5000, truncated=False)
    done = write_events(
        database, [call(1), bad, replace(bad, source="other"), call(2, timestamp=NOON.replace(tzinfo=None))]
    )
    assert (done.added, dict(done.refused)) == (1, {"output-above-ceiling": 2, "naive-time": 1})
    write_events(database, [bad])
    assert refused_rows(database) == {
        ("other", "output-above-ceiling"): 1,
        ("test", "naive-time"): 1,
        ("test", "output-above-ceiling"): 2,
    }


FILTERS = [
    EventFilter(),
    EventFilter(categories=("docs",)),
    EventFilter(outcomes=(Outcome.TRUNCATED,)),
    EventFilter(providers=("gemini", "openai"), models=("m1",)),
    EventFilter(since=NOON + datetime.timedelta(hours=7), until=NOON + datetime.timedelta(hours=71)),
    EventFilter(since=NOON + datetime.timedelta(days=1, hours=12), categories=("tests",)),
    EventFilter(until=NOON),
    EventFilter(complexities=("high",)),
]


def holds(wanted: EventFilter, event: Event) -> bool:
    """What a filter means, in words of its own."""
    named = [
        (wanted.providers, event.provider), (wanted.models, event.model), (wanted.categories, event.category),
        (wanted.complexities, event.complexity), (wanted.outcomes, event.outcome),
    ]  # fmt: skip
    in_time = (wanted.since or NOON) <= event.timestamp and (wanted.until is None or event.timestamp < wanted.until)
    return in_time and all(not values or value in values for values, value in named)


@pytest.mark.parametrize("wanted", FILTERS)
def test_pages_and_figures_are_those_of_the_events(database: Database, wanted: EventFilter) -> None:
    made = [call(number) for number in range(120)]
    write_events(database, made, batch=50)
    mine = [event.dedupe_key for event in reversed(made) if holds(wanted, event)]
    pages = [list_events(database, wanted, 7, offset) for offset in range(0, len(mine) + 1, 7)]
    assert [event.dedupe_key for page in pages for event in page.events] == mine
    assert {page.total for page in pages} == {len(mine)}
    assert [event.dedupe_key for event in each_event(database, wanted)] == mine[::-1]
    report = group_report(*pair(database, wanted))
    cut = sum(holds(wanted, event) and bool(event.truncated) for event in made)
    assert (report["n"], report["truncated"]) == (len(mine), cut)
    assert report["used_tokens"] == sum(event.actual_output_tokens or 0 for event in made if holds(wanted, event))


moves = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 900), st.booleans()), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_figures_stay_in_step_whatever_is_written(tmp_path: Path, written: list[tuple[int, int, int, bool]]) -> None:
    """Replaced events leave the figures of their day and cell, down to the last bucket."""
    made = [
        call(key, model=f"m{model}", actual_output_tokens=out, complete=whole) for key, model, out, whole in written
    ]
    number = next(COUNTER)
    with open_database(f"sqlite:///{tmp_path}/{number}.db", create=True) as one:
        for event in made:
            write_events(one, [event])
        final = list(each_event(one, EventFilter()))
        with open_database(f"sqlite:///{tmp_path}/{number}-direct.db", create=True) as direct:
            write_events(direct, final)
            assert everything(one) == everything(direct)


COUNTER = itertools.count()


def test_coverage_counts_only_measured_ceilings(database: Database) -> None:
    backfilled = [call(n, ceiling_source=CeilingSource.BACKFILL) for n in range(1, 4)]
    unknown = call(4, actual_max_tokens=None, ceiling_source=CeilingSource.UNKNOWN, selected_budget=None)
    write_events(database, [*backfilled, unknown, call(6)])
    report = group_report(*pair(database, EventFilter()))
    assert (report["n"], report["judged"], report["coverage"]) == (5, 4, 0.25)
    assert report["coverage_warning"]
    assert report["ceiling_waste"]["p50"] == pytest.approx(2.0, rel=0.011)


def test_an_unknown_id_is_told(database: Database) -> None:
    for wrong in ("7", "x", "99999999999999999999"):
        with pytest.raises(InputError, match="no event"):
            get_event(database, wrong)


def test_packs_are_kept_with_what_was_sent(database: Database) -> None:
    pack = PackEvent(
        timestamp=NOON, dedupe_key="p", repository="shop", model="m", encoding="o200k_base", method="exact",
        budget_tokens=1000, est_used_tokens=980, actual_tokens=990, quality=0.9, profile="mine", intent="api",
    )  # fmt: skip
    assert write_packs(database, [pack, replace(pack, dedupe_key="q", actual_tokens=1001)]) == 1
    write_events(database, [call(1, pack_key="p", prompt_tokens=1015)])
    total, found = list_packs(database)
    assert (total, found[0].sent_tokens, replace(found[0], sent_tokens=None, event_id="")) == (1, 1015, pack)
    assert refused_rows(database) == {("pack", "pack-above-budget"): 1}


def test_errors_of_tokenizers_come_from_what_was_sent(database: Database) -> None:
    pack = PackEvent(
        timestamp=NOON, dedupe_key="p", repository="shop", model="m", encoding="o200k_base", method="exact",
        budget_tokens=1000, est_used_tokens=980, actual_tokens=1000, quality=0.9,
    )  # fmt: skip
    write_packs(database, [replace(pack, dedupe_key=f"{n}", sent_tokens=1000 + n) for n in range(41)])
    write_packs(database, [replace(pack, dedupe_key="untold")])
    (one,) = input_errors(database)
    assert (one.packs, one.low, one.middle, one.high) == (41, 0.001, 0.02, 0.039)


def test_windows_hold_the_latest_calls_of_each_cell(database: Database) -> None:
    made = [call(n) for n in range(60)] + [call(70, complete=False), call(71, finish=Finish.CONTEXT, truncated=True)]
    write_events(database, made)
    found = latest_calls(database, EventFilter(), 5)
    assert [one.at_us for one in found] == sorted(one.at_us for one in found)
    cells = {one.cell for one in found}
    for cell in cells:
        mine = [to_us(event.timestamp) for event in made[:60] if f"m{cell.family[-1]}" == event.model
                and event.provider == cell.provider and event.category == cell.category]  # fmt: skip
        window = [one.at_us for one in found if one.cell == cell]
        assert window[-5:] == mine[-5:]
    assert {one.length for one in found if one.is_cut} == {1000}


def test_versions_are_applied_in_turn_and_taken_back(database: Database) -> None:
    assert current_version(database) is None
    first = apply_version(database, "one", "apply", "docs", "")
    with pytest.raises(InputError, match="by now"):
        apply_version(database, "late", "apply", "docs", "")
    second = apply_version(database, "two", "apply", "tests", first.name)
    assert current_version(database) == second
    assert roll_back(database).version == first.name
    third = apply_version(database, "three", "trial", "docs/low", first.name)
    assert [roll_back(database).version, roll_back(database).version] == [first.name, ""]
    assert current_version(database) is None
    with pytest.raises(InputError, match="nothing to roll back"):
        roll_back(database)
    assert [move.action for move in version_history(database)] == [
        "apply",
        "apply",
        "rollback",
        "trial",
        "rollback",
        "rollback",
    ]
    assert len({first.name, second.name, third.name}) == 3


def test_calls_under_a_trial_are_counted_from_its_start(database: Database) -> None:
    trial = StartedTrial("docs", "low", 1000, NOON + datetime.timedelta(hours=10))
    write_events(database, [call(n, category="docs") for n in range(30)])
    write_events(database, [call(40, category="docs", selected_budget=999), call(41, category="tests")])
    write_events(database, [call(43, category="docs", escalation_reason="utilization")])
    assert calls_on_trial(database, trial) == (21, 5)


def test_a_database_of_the_first_revision_keeps_what_it_holds_there_and_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    with open_database(url, create=True) as opened:
        save_budget(opened, "shop", "m", 42)
        with opened.write() as connection:
            command.downgrade(alembic_config(connection, SHIPPED), "0001")
    assert database_status(url).state == "older"
    with open_database(url, create=False) as opened:
        assert opened.migrated is not None
        assert (opened.migrated.before, opened.migrated.after) == ("0001", SHIPPED.head)
        assert opened.migrated.backup is not None
        write_events(opened, [call(1)])
        found = find_budget(opened, "shop", "m")
        assert found is not None
        assert (found.tokens, list_events(opened, EventFilter()).total) == (42, 1)


def test_importers_keep_their_place(database: Database) -> None:
    with database.write() as connection:
        put_places(connection, "claude-code", {"a": "1", "b": "2"})
        put_places(connection, "claude-code", {"a": "3"})
    assert read_places(database, "claude-code") == {"a": "3", "b": "2"}
    forget_places(database, "claude-code")
    assert read_places(database, "claude-code") == {}
