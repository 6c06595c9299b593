from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Cancelled, InputError
from engine.inspector import Inspector
from engine.telemetry.filters import EventFilter
from tests.cli.conftest import Run

HEAD = "trace,seconds,input_tokens,output_tokens\n"


def recorded(calls: int, **other: Any) -> bytes:
    """Calls of docs/low whose answers are around 700 tokens."""
    chance = random.Random(3)
    made = []
    for number in range(calls):
        length = int(chance.lognormvariate(6.5, 0.4))
        event = {
            "timestamp": f"2026-11-{1 + number // 24:02d}T{number % 24:02d}:00:00+00:00", "source": "test",
            "dedupe_key": f"{number}", "provider": "openai", "model": "gpt-5.5", "category": "documentation",
            "complexity": "low", "selected_budget": 4096, "actual_max_tokens": 1000, "ceiling_source": "sent",
            "actual_output_tokens": min(length, 1000), "truncated": length > 1000, "predicted_output_tokens": 2600,
        }  # fmt: skip
        made.append(json.dumps({**event, **other}))
    return "\n".join(made).encode()


def budget(run: Run, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = run("estimate", "--category", "docs", "--complexity", "low", "--json", *words).json
    return found


def test_a_proposal_is_applied_and_taken_back(run: Run) -> None:
    run("telemetry", "record", "-", stdin=recorded(200, selected_budget=1000, actual_max_tokens=4096,
        actual_output_tokens=700, truncated=False))  # fmt: skip
    found = run("calibrate", "--json").json
    assert len(found["proposals"]) == 1
    one = found["proposals"][0]
    assert (one["cell"], one["samples"], one["action"]) == ("docs/low/openai/gpt-5", 200, "lower")
    assert one["budget"] >= one["current"] / 2
    assert budget(run)["selected_budget"] == 4096
    applied = run("calibrate", "--apply", "--json").json
    after = budget(run)
    assert (after["selected_budget"], after["samples"]) == (one["budget"], 200)
    assert after["estimator_version"] == applied["version"] != found["version"]
    assert budget(run, "--provider", "gemini")["selected_budget"] == 4096
    assert run("calibrate", "--rollback").code == 0
    assert budget(run)["selected_budget"] == 4096
    actions = [move["action"] for move in run("calibrate", "--history", "--json").json]
    assert actions == ["apply", "rollback"]
    assert run("calibrate", "--rollback").code == 3
    for words in ((), ("--history",)):
        assert run("calibrate", *words).code == 0


def test_calls_cut_off_count_as_longer(run: Run) -> None:
    """Dropping them, or taking 1,000 for their length, would say that 1,000 is enough."""
    run("telemetry", "record", "-", stdin=recorded(300))
    one = run("calibrate", "--json").json["proposals"][0]
    assert one["truncated"] > 20
    assert one["projected"]["truncation"] > 0.05
    assert one["budget"] >= 2000
    lengths, shares = zip(*one["curve"], strict=True)
    assert list(lengths) == sorted(set(lengths))
    assert list(shares) == sorted(shares, reverse=True)
    assert lengths[-1] <= one["longest"] == 1000
    assert one["at_target"] is None  # nobody saw how long the longest twentieth is
    assert one["cut_at"] == [[1000, one["truncated"]]]
    low, high = one["truncated_interval"]
    assert low < one["truncated"] / one["samples"] < high
    at_current = [share for length, share in one["curve"] if length <= one["current"]][-1]
    assert at_current == pytest.approx(one["now"]["truncation"], abs=1e-4)


def test_only_accepted_cells_are_applied(run: Run) -> None:
    plain = {"actual_max_tokens": 8192, "actual_output_tokens": 300, "truncated": False}
    run("telemetry", "record", "-", stdin=recorded(60, **plain))
    run("telemetry", "record", "-", stdin=recorded(60, source="other", category="tests", **plain))
    applied = run("calibrate", "--apply", "--cell", "tests/low", "--json").json["applied"]
    assert [one["category"] for one in applied] == ["tests"]
    assert budget(run)["selected_budget"] == 4096
    ran = run("calibrate", "--apply", "--cell", "nothing")
    assert (ran.code, "docs/low" in ran.err) == (2, True)


def test_a_name_means_its_own_cell_alone(run: Run) -> None:
    """``docs/low/acme/gpt-5`` is the beginning of ``docs/low/acme/gpt-5-like``, which nobody accepted."""
    plain = {"actual_max_tokens": 8192, "actual_output_tokens": 300, "truncated": False, "provider": "acme"}
    run("telemetry", "record", "-", stdin=recorded(60, model="house", **plain))
    run("telemetry", "record", "-", stdin=recorded(60, model="house-large", source="other", **plain))
    run("telemetry", "record", "-", stdin=recorded(60, model="house", provider="", source="third", **{
        key: value for key, value in plain.items() if key != "provider"}))  # fmt: skip
    names = [one["cell"] for one in run("calibrate", "--json").json["proposals"]]
    assert {"docs/low/acme/house", "docs/low/acme/house-large"} < set(names)
    applied = run("calibrate", "--apply", "--cell", "docs/low/acme/house", "--json").json["applied"]
    assert [one["cell"] for one in applied] == ["docs/low/acme/house"]
    assert run("calibrate", "--apply", "--cell", "docs/low/acme/house-").code == 2


def test_what_was_seen_is_what_is_applied(run: Run) -> None:
    """Calls that came after somebody looked may propose another budget; nobody accepted that one."""
    run("telemetry", "record", "-", stdin=recorded(60, actual_max_tokens=8192, actual_output_tokens=300,
        truncated=False))  # fmt: skip
    one = run("calibrate", "--json").json["proposals"][0]
    run("telemetry", "record", "-", stdin=recorded(90, actual_max_tokens=8192, actual_output_tokens=6300,
        truncated=False, source="later"))  # fmt: skip
    with Inspector(use_cache=False) as inspector:
        learning = inspector.calibration(inspector.config(None, {}))
        with pytest.raises(InputError, match="came in meanwhile"):
            learning.apply(EventFilter(), cells=[one["cell"]], seen={one["cell"]: one["budget"]})
        assert learning.history() == []


def test_a_replay_tells_how_far_it_is_and_stops(run: Run) -> None:
    run("telemetry", "record", "-", stdin=recorded(200))
    told: list[Any] = []
    with Inspector(use_cache=False, emit=told.append, cancelled=lambda: len(told) > 1) as inspector:
        learning = inspector.calibration(inspector.config(None, {}))
        with pytest.raises(Cancelled):
            learning.backtest(EventFilter())
    assert [(one.phase, one.total) for one in told] == [("replay", 200)] * 2
    assert told[0].done < told[1].done < 200


def test_too_few_calls_propose_nothing(run: Run) -> None:
    run("telemetry", "record", "-", stdin=recorded(19))
    assert run("calibrate", "--json").json["proposals"][0]["action"] == "wait"
    assert run("calibrate", "--apply").code == 3


def test_a_trial_is_taken_back_by_its_own_calls(run: Run) -> None:
    assert run("calibrate", "--trial", "docs/low").code == 0
    assert budget(run)["selected_budget"] == 3584
    later = {"timestamp": "2099-01-01T00:00:00+00:00", "selected_budget": 3584, "actual_max_tokens": 3584}
    fine = {**later, "actual_output_tokens": 700, "truncated": False}
    run("telemetry", "record", "-", stdin=recorded(12, **fine))
    report = run("calibrate", "--json").json
    assert report["trials"][0]["state"] == "stood"
    assert budget(run)["selected_budget"] == 3584
    cut = {**later, "actual_output_tokens": 3584, "truncated": True, "source": "again"}
    run("telemetry", "record", "-", stdin=recorded(2, **cut))
    back = budget(run)
    assert back["selected_budget"] == 4096
    assert "taken back" in next(step["why"] for step in back["trace"] if step["rule"] == "staged_base")
    assert run("calibrate", "--rollback").code == 0
    assert budget(run)["trace"] == budget(run, "--db", "sqlite:///none.db")["trace"]


def test_a_replay_has_the_keys_that_programs_rely_on(run: Run, tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = [f"t,{number},{chance.randrange(4000)},{int(chance.lognormvariate(5, 0.6))}\n" for number in range(1500)]
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "".join(rows))
    found = run("calibrate", "--backtest", "--from-csv", path, "--target", "0.1", "--initial", "2048", "--json").json
    assert set(found["policies"]) == {"packsight", "fixed", "mean_x2", "naive_q95", "current"}
    keys = {"truncation", "truncation_interval", "worst_cell", "reserved_per_used", "pinball", "smape"}
    assert all(keys <= set(one) for one in found["policies"].values())
    assert len(found["cells"]) == 3
    assert found["policies"]["packsight"]["truncation"] <= 0.1
    assert "packsight" in run("calibrate", "--backtest", "--from-csv", path).out


def test_a_replay_of_the_store(run: Run) -> None:
    run("telemetry", "record", "-", stdin=recorded(200))
    found = run("calibrate", "--backtest", "--json").json
    assert found["calls"] == 200
    assert found["policies"]["current"]["unscored"] > 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--backtest", "--apply"), 2),
        (("--outcome", "complete"), 2),
        (("--backtest", "--outcome", "complete"), 2),
        (("--target", "0"), 2),
        (("--target", "nan"), 2),
        (("--backtest", "--from-csv", "/none.csv"), 3),
        (("--backtest", "--from-csv", "/none.csv", "--initial", "0"), 2),
        (("--from-csv", "/none.csv"), 2),
        (("--trial", "nothing"), 2),
        (("--trial", "tests/low"), 2),
        (("--backtest",), 3),
    ],
)
def test_what_makes_no_sense_is_told_in_two_lines(run: Run, words: tuple[str, ...], code: int) -> None:
    ran = run("calibrate", *words)
    assert (ran.code, ran.out) == (code, "")
    assert len(ran.err.splitlines()) <= 2
