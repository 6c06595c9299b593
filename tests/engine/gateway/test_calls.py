"""Deciding and recording without LiteLLM: requests and payloads in its shape."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from engine.budgets import Task
from engine.errors import InputError
from engine.gateway.allowance import Allowance, Exhausted
from engine.gateway.asked import hashed, read_request
from engine.gateway.calls import Calls
from engine.gateway.keys import Key
from engine.gateway.settings import GatewaySettings, read_gateway
from engine.inspector import Inspector
from engine.telemetry.filters import EventFilter

WORK = {"category": "docs", "complexity": "low"}
REQUEST = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "hi"}], "metadata": {"packsight": WORK}}


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def calls(warnings: list[str]) -> Iterator[Calls]:
    made = Calls(warnings.append)
    yield made
    made.close()


def settings(own_directories: Path, text: str) -> None:
    (own_directories / "config").mkdir(parents=True, exist_ok=True)
    (own_directories / "config" / "gateway.toml").write_text(text)


def payload(call: str = "c1", output: int = 42, **words: Any) -> dict[str, Any]:
    now = time.time()
    return {
        "id": f"chatcmpl-{call}", "litellm_call_id": call, "call_type": "acompletion", "status": "success",
        "custom_llm_provider": "openai", "model": "gpt-5.5", "prompt_tokens": 60, "completion_tokens": output,
        "total_tokens": 60 + output, "startTime": now - 2, "endTime": now, "model_parameters": {}, "metadata": {},
        "response": {"choices": [{"finish_reason": "stop"}]}, "response_cost": 0.01, "request_tags": [], **words,
    }  # fmt: skip


def events() -> list[dict[str, Any]]:
    with Inspector(use_cache=False) as inspector:
        return list(inspector.telemetry(inspector.config(None, {})).events(EventFilter())["events"])


def decided(model: str = "gpt-5.5", **limits: Any) -> int:
    with Inspector(use_cache=False) as inspector:
        config = inspector.config(None, {"model": model})
        return inspector.decide(Task(category="docs", complexity="low"), config, **limits).actual_max_tokens


@pytest.mark.parametrize(
    ("call_type", "given", "expected"),
    [
        ("acompletion", {}, {"max_tokens": None}),
        ("aresponses", {}, {"max_output_tokens": None}),
        ("acompletion", {"max_completion_tokens": 50}, {"max_completion_tokens": 50}),
        ("aresponses", {"max_output_tokens": 50}, {"max_output_tokens": 50}),
        (
            "acompletion",
            {"max_tokens": 90, "max_completion_tokens": 5},
            {"max_tokens": 5, "max_completion_tokens": 5},
        ),
    ],
)
def test_the_parameter_that_the_caller_uses_is_set(
    calls: Calls, call_type: str, given: dict[str, int], expected: dict[str, int | None]
) -> None:
    found = calls.prepare("c1", {**REQUEST, **given}, call_type)
    assert found == {name: cap or decided() for name, cap in expected.items()}


@pytest.mark.parametrize(
    "said",
    [
        {"metadata": {"packsight": WORK}},
        {"litellm_metadata": {"packsight": WORK}},
        {"metadata": {"tags": ["category:docs", "complexity:low", "x"]}},
        {"metadata": {"headers": {"X-Packsight-Category": "docs", "x-packsight-complexity": "low"}}},
        {"proxy_server_request": {"headers": {"x-packsight-category": "docs", "x-packsight-complexity": "low"}}},
    ],
)
def test_the_work_is_named_in_several_places(said: dict[str, Any]) -> None:
    asked = read_request({"model": "m", **said})
    assert (asked.category, asked.complexity) == ("docs", "low")


def test_deliverables_of_a_request_count(calls: Calls) -> None:
    many = {**WORK, "deliverables": [f"docs/{number}.md" for number in range(9)]}
    more = calls.prepare("c1", {**REQUEST, "metadata": {"packsight": many}}, "acompletion")
    assert more["max_tokens"] > calls.prepare("c2", REQUEST, "acompletion")["max_tokens"]


def test_a_model_under_an_alias_is_decided_when_it_is_known(calls: Calls) -> None:
    assert calls.prepare("c1", {**REQUEST, "model": "our-writer"}, "acompletion") == {}
    again = calls.prepare("c1", {**REQUEST, "model": "our-writer"}, "acompletion", model="gpt-5.5", provider="openai")
    assert again == {"max_tokens": decided()}


def test_a_fallback_to_another_model_is_decided_anew_under_the_callers_cap(calls: Calls) -> None:
    calls.prepare("c1", {**REQUEST, "max_tokens": 3000}, "acompletion")
    # What comes next has the ceiling of the first decision in it, which is not the caller's.
    sent = {**REQUEST, "max_tokens": 10}
    found = calls.prepare("c1", sent, "acompletion", model="claude-opus-5-5", provider="anthropic")
    assert found == {"max_tokens": decided("claude-opus-5-5", hard_cap_tokens=3000)}


def test_a_model_of_no_catalog_stays_below_what_the_gateway_knows(calls: Calls) -> None:
    found = calls.prepare("c1", REQUEST, "acompletion", model="our-own", provider="vllm", most_tokens=300)
    assert found == {"max_tokens": 300}


def test_thinking_fits_below_the_ceiling(calls: Calls) -> None:
    thinking = {**REQUEST, "thinking": {"type": "enabled", "budget_tokens": 20_000}}
    assert calls.prepare("c1", thinking, "acompletion")["max_tokens"] == decided() + 20_000


def test_the_outcome_is_recorded_under_the_decision(calls: Calls, warnings: list[str]) -> None:
    usage = {"prompt_tokens_details": {"cached_tokens": 50}, "completion_tokens_details": {"reasoning_tokens": 12}}
    calls.prepare("c1", REQUEST, "acompletion", key=Key(id=hashed("sk-1")))
    calls.finish("c1", payload(metadata={"usage_object": usage}, messages="a secret", api_base="http://h"))
    (event,) = events()
    assert (event["source"], event["category"], event["run_id"]) == ("litellm", "docs", f"key-{hashed('sk-1')}")
    assert (event["actual_max_tokens"], event["ceiling_source"]) == (decided(), "sent")
    assert (event["prompt_tokens"], event["cached_tokens"], event["reasoning_tokens"]) == (60, 50, 12)
    assert "secret" not in str(event)
    assert warnings == []


def test_an_answer_that_was_left_out_of_the_log_still_tells_its_ending(calls: Calls) -> None:
    calls.prepare("c1", REQUEST, "acompletion")
    calls.finish("c1", payload(response="redacted-by-litellm"), "length")
    (event,) = events()
    assert (event["finish"], event["truncated"]) == ("length", True)


def test_answers_from_a_cache_and_other_calls_are_no_calls(calls: Calls) -> None:
    calls.finish("c1", payload(cache_hit=True))
    calls.finish("c2", payload(call_type="aembedding"))
    assert events() == []


def test_several_answers_at_once_teach_nothing(calls: Calls) -> None:
    calls.prepare("c1", {**REQUEST, "n": 4, "max_tokens": 100}, "acompletion")
    calls.finish("c1", payload(output=390))
    (event,) = events()
    assert (event["complete"], event["actual_max_tokens"], event["actual_output_tokens"]) == (False, None, 390)


def test_no_record_is_kept_where_settings_say_so(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSIGHT_RECORD", "0")
    calls.prepare("c1", REQUEST, "acompletion")
    calls.finish("c1", payload())
    monkeypatch.delenv("PACKSIGHT_RECORD")
    assert events() == []


def test_what_a_key_used_counts_against_its_day(calls: Calls, own_directories: Path) -> None:
    settings(own_directories, "smallest_tokens = 10\ndefault_per_day = 100\n")
    one, other = Key(id=hashed("one")), Key(id=hashed("other"))
    assert calls.prepare("c1", REQUEST, "acompletion", key=one) == {"max_tokens": 100}
    with pytest.raises(Exhausted):
        # The first call is still under way, with all that there is.
        calls.prepare("c2", REQUEST, "acompletion", key=one)
    calls.finish("c1", payload("c1", 42))
    assert calls.prepare("c3", REQUEST, "acompletion", key=one) == {"max_tokens": 58}
    assert calls.prepare("c4", REQUEST, "acompletion", key=other) == {"max_tokens": 100}
    # A refused call is no call, whatever the gateway logs about it.
    calls.finish("c2", payload("c2", 0, status="failure"))
    assert len(events()) == 1


def test_a_retry_is_still_the_keys_and_a_refusal_stays_one(calls: Calls, own_directories: Path) -> None:
    settings(own_directories, "smallest_tokens = 10\ndefault_per_day = 100\n")
    key = Key(id=hashed("one"))
    calls.prepare("c1", REQUEST, "acompletion", key=key)
    calls.finish("c1", payload("c1", 0, status="failure"))
    assert calls.prepare("c1", REQUEST, "acompletion") == {"max_tokens": 100}
    with pytest.raises(Exhausted):
        calls.prepare("c2", REQUEST, "acompletion", key=key)
    calls.finish("c2", payload("c2", 0, status="failure"))
    with pytest.raises(Exhausted):
        calls.prepare("c2", REQUEST, "acompletion")
    assert len(events()) == 1


def test_a_key_without_budget_is_refused_before_a_model_is_known(calls: Calls, own_directories: Path) -> None:
    settings(own_directories, "smallest_tokens = 10\ndefault_per_day = 9\n")
    with pytest.raises(Exhausted):
        calls.prepare("c1", {**REQUEST, "model": "our-writer"}, "acompletion", key=Key(id=hashed("one")))


def test_a_call_that_is_decided_twice_reserves_once(calls: Calls, own_directories: Path) -> None:
    settings(own_directories, "smallest_tokens = 10\ndefault_per_day = 100\n")
    key = Key(id=hashed("one"))
    calls.prepare("c1", {**REQUEST, "max_tokens": 60}, "acompletion", key=key)
    again = calls.prepare("c1", REQUEST, "acompletion", model="claude-opus-5-5", provider="anthropic")
    assert again == {"max_tokens": 60}


def test_a_ledger_that_is_broken_stops_nobody(calls: Calls, own_directories: Path, warnings: list[str]) -> None:
    settings(own_directories, "default_per_day = 100\n")
    (own_directories / "data").mkdir(exist_ok=True)
    (own_directories / "data" / "gateway.sqlite").write_bytes(b"no database" * 999)
    assert calls.prepare("c1", REQUEST, "acompletion", key=Key(id=hashed("one"))) == {"max_tokens": decided()}
    calls.finish("c1", payload())
    assert len(events()) == 1
    assert len(warnings) == 2


def test_several_workers_share_a_ledger(tmp_path: Path) -> None:
    one, other = Allowance(tmp_path / "l"), Allowance(tmp_path / "l")
    assert one.reserve("a", "k", 60, 100, 10) == 60
    assert other.reserve("b", "k", 60, 100, 10) == 40
    with pytest.raises(Exhausted, match="100 of its 100"):
        one.reserve("c", "k", 60, 100, 10)
    other.settle("a", "k", 5)
    assert one.reserve("c", "k", 60, 100, 10) == 55
    one.close()
    other.close()


def test_reservations_lapse_and_days_begin_anew(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    ledger = Allowance(tmp_path / "l", lambda: now[0])
    ledger.reserve("a", "k", 100, 100, 1)
    now[0] += 1_000
    assert ledger.reserve("b", "k", 100, 100, 1) == 100
    ledger.settle("b", "k", 100)
    assert ledger.spent("k") == 100
    now[0] += 86_400
    assert ledger.reserve("c", "k", 100, 100, 1) == 100
    ledger.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("catgory = 'docs'", "did you mean 'category'"),
        ("complexity = 'huge'", "low, medium or high"),
        ("on_exhausted = 'explode'", "refuse or shrink"),
        ("smallest_tokens = 0", "above 0"),
        ("default_per_day = -1", "a number of tokens"),
        ("[keys_per_day]\na = 'many'", "a table of keys"),
        ("[", "not TOML"),
    ],
)
def test_settings_that_make_no_sense_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    with pytest.raises(InputError) as error:
        read_gateway(tmp_path / "gateway.toml")
    assert said in f"{error.value.message} {error.value.hint}"


def test_a_key_has_the_budget_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("default_per_day = 5\n[keys_per_day]\nteam = 7\n")
    found = read_gateway(tmp_path / "gateway.toml")
    assert (found.per_day("team", "x"), found.per_day("x")) == (7, 5)
    assert read_gateway(tmp_path / "none.toml") == GatewaySettings()


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("model", "messages", "metadata", "tags", "max_tokens", "max_completion_tokens", "thinking", "n", "stream",
         "litellm_metadata", "proxy_server_request", "input", "system")  # fmt: skip


@settings_of(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), json_like))
def test_no_request_can_break_the_reading(request: dict[str, Any]) -> None:
    asked = read_request(request)
    assert asked.answers >= 1
    assert all(cap > 0 for cap in asked.caps.values())
