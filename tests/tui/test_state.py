from __future__ import annotations

from dataclasses import replace

from engine.events import Progress
from engine.live import Settled
from tests.tui.samples import sample_chart, sample_pack, sample_request
from tui import state as facts
from tui.state import ViewState

CHART = sample_chart(files=4)
FIRST, SECOND, THIRD = (sample_request(CHART, budget) for budget in (8_000, 9_000, 10_000))


def ready() -> ViewState:
    return facts.opened(ViewState(request=FIRST), CHART, sample_pack(CHART, request=FIRST))


def test_undo_and_redo_walk_the_same_way() -> None:
    state = facts.asked(facts.asked(ready(), SECOND), THIRD)
    back = facts.undone(facts.undone(state))
    assert back.request == FIRST
    assert facts.undone(back) is back
    again = facts.redone(facts.redone(back))
    assert again.request == THIRD
    assert facts.redone(again) is again
    assert again.generation > state.generation


def test_a_new_wish_after_undo_forgets_what_was_undone() -> None:
    state = facts.asked(facts.undone(facts.asked(ready(), SECOND)), THIRD)
    assert not state.redo
    assert facts.undone(state).request == FIRST


def test_a_gesture_is_undone_as_one() -> None:
    state = facts.asked(ready(), SECOND)
    for budget in range(9_100, 9_900, 100):
        state = facts.asked(state, replace(SECOND, budget=budget), continued=True)
    assert facts.undone(state).request == FIRST


def test_asking_for_the_same_changes_nothing() -> None:
    state = ready()
    assert facts.asked(state, FIRST) is state


def test_a_stale_pack_does_not_replace_a_current_one() -> None:
    state = facts.asked(ready(), SECOND)
    current = facts.repacked(state, sample_pack(CHART, request=SECOND), state.generation)
    assert facts.repacked(current, sample_pack(CHART, request=FIRST), 0) is current


def test_while_nothing_newer_is_there_a_late_pack_is_shown() -> None:
    state = facts.asked(facts.asked(ready(), SECOND), THIRD)
    late = sample_pack(CHART, request=SECOND)
    assert facts.repacked(state, late, state.generation - 1).pack is late


def test_a_pack_of_another_chart_is_dropped() -> None:
    other = sample_chart(files=9)
    state = ready()
    assert facts.repacked(state, sample_pack(other), state.generation) is state


def test_a_finished_text_of_an_earlier_wish_is_dropped() -> None:
    state = facts.asked(ready(), SECOND)
    stale = Settled("", {}, sample_pack(CHART, request=FIRST))
    assert facts.settled(state, stale, state.generation - 1) is state
    fresh = Settled("", {}, sample_pack(CHART, request=SECOND))
    assert facts.settled(state, fresh, state.generation).settled is fresh


def test_a_rescan_keeps_what_is_shown_until_there_is_something_new() -> None:
    state = facts.scanning(ready())
    assert state.pack is not None
    assert facts.failed(state, "gone").chart is CHART
    assert facts.progressed(state, Progress("analyze", 1, 2), 0.5).elapsed_s == 0.5


def test_a_first_scan_that_fails_is_a_failure_of_the_app() -> None:
    state = facts.failed(ViewState(request=FIRST), "no repository")
    assert (state.phase, state.trouble) == (facts.Phase.FAILED, "no repository")


def test_an_answer_ends_the_progress_of_its_call() -> None:
    state = facts.progressed(facts.asked(ready(), SECOND), Progress("index", 3, 9), 1.0)
    pack = sample_pack(CHART, request=SECOND)
    assert facts.repacked(state, pack, state.generation).progress is None
    done = facts.settled(state, Settled("", {}, pack), state.generation)
    assert done.progress is None
