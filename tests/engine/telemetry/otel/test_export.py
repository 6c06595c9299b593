"""Recorded calls reach a collector as real OTLP, each once, and nothing of them is a text."""

from __future__ import annotations

import datetime
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes

from engine.cli.app import cli
from engine.errors import InputError, UsageError
from engine.events import ignore, never
from engine.inspector import Inspector
from engine.store.database import open_database
from engine.store.telemetry_since import Mark, events_since
from engine.telemetry.event import Event
from engine.telemetry.otel import Collector, Undelivered, collector_url
from engine.telemetry.words import CeilingSource, Finish
from engine.usecases.telemetry import Telemetry
from engine.usecases.telemetry_send import send_events
from tests.engine.telemetry.otel.collector import attributes, collector

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
NEWER_NAMES = {"gen_ai.usage.cache_write.input_tokens", "gen_ai.request.reasoning.level"}
"""Names of the conventions' own repository that the general package does not have."""


def event(number: int = 1, **columns: object) -> Event:
    made = Event(
        timestamp=NOON + datetime.timedelta(seconds=number),
        source="packsight",
        dedupe_key=f"call-{number}",
        provider="openai",
        model="gpt-5.5",
        category="docs",
        actual_max_tokens=4096,
        ceiling_source=CeilingSource.SENT,
        selected_budget=4000,
        actual_output_tokens=640,
        reasoning_tokens=100,
        prompt_tokens=812,
        cached_tokens=512,
        cache_write_tokens=20,
        truncated=False,
        finish=Finish.STOP,
        stop_reason="stop",
        response_id=f"chatcmpl-{number}",
        duration_s=2.5,
    )
    return replace(made, **columns)  # type: ignore[arg-type]


@pytest.fixture
def telemetry(tmp_path: Path) -> Telemetry:
    with Inspector(use_cache=False) as inspector:
        return inspector.telemetry(inspector.config(None, {"db": f"sqlite:///{tmp_path}/calls.db"}))


def test_a_call_becomes_a_span_with_the_names_of_the_conventions(telemetry: Telemetry) -> None:
    telemetry.record([event()])
    with collector() as received:
        done = telemetry.send(received.url)
    assert done == {"endpoint": received.url, "spans": 1, "measured": 1}
    (span,) = received.spans()
    said = attributes(span)
    assert (span.name, span.kind, span.status.code) == ("chat gpt-5.5", 3, 1)
    assert span.end_time_unix_nano - span.start_time_unix_nano == 2_500_000_000
    assert said["gen_ai.operation.name"] == "chat"
    assert said["gen_ai.provider.name"] == "openai"
    assert said["gen_ai.request.max_tokens"] == 4096
    assert said["gen_ai.usage.input_tokens"] == 812
    assert said["gen_ai.usage.output_tokens"] == 640
    assert said["gen_ai.usage.reasoning.output_tokens"] == 100
    assert said["gen_ai.usage.cache_read.input_tokens"] == 512
    assert said["gen_ai.usage.cache_creation.input_tokens"] == said["gen_ai.usage.cache_write.input_tokens"] == 20
    assert said["gen_ai.response.finish_reasons"] == ["stop"]
    known = {value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")}
    assert {name for name in said if name.startswith("gen_ai.")} - known <= NEWER_NAMES


def test_metrics_add_up_to_the_calls(telemetry: Telemetry) -> None:
    telemetry.record(
        [
            event(1),
            event(2, actual_output_tokens=4, reasoning_tokens=0),
            event(3, model="gpt-5.4-mini", duration_s=None),
        ]
    )
    with collector() as received:
        telemetry.send(received.url)
    tokens = {
        (attributes(point)["gen_ai.request.model"], attributes(point)["gen_ai.token.type"]): point
        for point in received.points("gen_ai.client.token.usage")
    }
    assert {name: (point.count, point.sum) for name, point in tokens.items()} == {
        ("gpt-5.5", "input"): (2, 1624),
        ("gpt-5.5", "output"): (2, 644),
        ("gpt-5.4-mini", "input"): (1, 812),
        ("gpt-5.4-mini", "output"): (1, 640),
    }
    output = tokens["gpt-5.5", "output"]
    filled = [bound for bound, count in zip(output.explicit_bounds, output.bucket_counts, strict=False) if count]
    assert filled == [4, 1024]
    (seconds,) = received.points("gen_ai.client.operation.duration")
    assert (seconds.count, seconds.sum) == (2, 5.0)


def test_a_failure_is_an_error_span_without_a_length(telemetry: Telemetry) -> None:
    failed = event(success=False, truncated=None, finish=Finish.ERROR, stop_reason="429", actual_output_tokens=None)
    telemetry.record([failed])
    with collector() as received:
        telemetry.send(received.url)
    (span,) = received.spans()
    assert span.status.code == 2
    assert attributes(span)["error.type"] == "429"
    assert [attributes(one)["gen_ai.token.type"] for one in received.points("gen_ai.client.token.usage")] == ["input"]


def test_every_call_is_sent_once_to_each_collector(telemetry: Telemetry) -> None:
    telemetry.record([event(number) for number in range(3)])
    with collector() as one, collector() as other:
        telemetry.send(one.url)
        telemetry.send(one.url + "/")
        # Written later, though the call was earlier than all others.
        telemetry.record([event(99, timestamp=NOON - datetime.timedelta(days=30))])
        assert telemetry.send(one.url)["spans"] == 1
        assert telemetry.send(other.url)["spans"] == 4
        assert telemetry.send(other.url) == {"endpoint": other.url, "spans": 0, "measured": 0}
    for received in (one, other):
        ids = [span.span_id for span in received.spans()]
        assert len(ids) == len(set(ids)) == 4
        assert sum(point.count for point in received.points("gen_ai.client.operation.duration")) == 4
    assert {span.span_id for span in one.spans()} == {span.span_id for span in other.spans()}


def test_batches_bound_a_request(telemetry: Telemetry) -> None:
    telemetry.record([event(number) for number in range(7)])
    with collector() as received, open_database(telemetry.url, create=False) as database:
        done = send_events(database, Collector(received.url), ignore, never, batch=3)
    assert done["spans"] == 7
    assert [len(one.resource_spans[0].scope_spans[0].spans) for one in received.traces] == [3, 3, 1]


def test_a_busy_collector_is_asked_again(telemetry: Telemetry) -> None:
    telemetry.record([event()])
    with collector() as received:
        received.answers = [(503, {"Retry-After": "0"})]
        assert telemetry.send(received.url)["spans"] == 1
    assert (received.refused, len(received.spans())) == (1, 1)


def test_what_a_collector_refuses_is_sent_by_the_next_export(telemetry: Telemetry) -> None:
    telemetry.record([event(number) for number in range(4)])
    with collector() as received, open_database(telemetry.url, create=False) as database:
        received.answers = [(200, {}), (400, {})]
        with pytest.raises(Undelivered, match="2 calls"):
            send_events(database, Collector(received.url), ignore, never, batch=2)
        assert len(received.spans()) == 2
        assert send_events(database, Collector(received.url), ignore, never, batch=2)["spans"] == 2
    assert len({span.span_id for span in received.spans()}) == len(received.spans()) == 4


def test_nothing_follows_a_redirect(telemetry: Telemetry) -> None:
    telemetry.record([event()])
    with collector() as received, collector() as elsewhere:
        received.answers = [(307, {"Location": f"{elsewhere.url}/v1/traces"})] * 10
        with pytest.raises(Undelivered):
            telemetry.send(received.url, timeout_s=0.5)
    assert elsewhere.bodies == []


def test_proxies_of_the_environment_see_nothing(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry.record([event()])
    with collector() as received, collector() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        telemetry.send(received.url)
    assert (len(received.spans()), proxy.refused, proxy.bodies) == (1, 0, [])


def test_a_collector_that_is_down_is_named_in_words(telemetry: Telemetry, capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.record([event()])
    with collector() as received:
        url = received.url
    with pytest.raises(InputError, match="did not take 1 call:"):
        telemetry.send(url, timeout_s=0.2)
    assert capfd.readouterr().err == ""


def test_two_exports_to_one_collector_do_not_run_at_once(telemetry: Telemetry) -> None:
    telemetry.record([event()])
    with collector() as received, open_database(telemetry.url, create=False) as database:

        class Meddling(Collector):
            def send(self, signal: object, events: object) -> None:
                with pytest.raises(InputError, match="under way"):
                    telemetry.send(received.url)

        send_events(database, Meddling(received.url), ignore, never)
    assert received.bodies == []


def test_rows_that_become_visible_late_are_met_too(telemetry: Telemetry) -> None:
    telemetry.record([event(number) for number in range(5)])
    with open_database(telemetry.url, create=False) as database:
        # Somebody read up to row 5 while 2 and 4 were not committed yet.
        found, mark = events_since(database, Mark(5, (2, 4)), 10)
        assert [one.event_id for one in found] == ["2", "4"]
        assert mark == Mark(5)
        assert events_since(database, mark, 10) == ([], mark)


def test_hostile_names_and_no_prompt_arrive(telemetry: Telemetry) -> None:
    telemetry.record([event(model="m\x1b[31m\u202e</span>", stop_reason="\udcff")])
    with collector() as received:
        telemetry.send(received.url)
    (span,) = received.spans()
    assert attributes(span)["gen_ai.request.model"].startswith("m\x1b[31m")
    content = {"gen_ai.prompt", "gen_ai.completion", "gen_ai.input.messages", "gen_ai.output.messages"}
    assert not content & set(attributes(span))


@pytest.mark.parametrize(
    "wrong",
    ["", "localhost:4318", "ftp://h", "http://", "http://h:x", "http://h:99999", "http://me:pw@h", "http://h?a=1"],
)
def test_addresses_that_make_no_sense_are_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        collector_url(wrong)


def test_an_address_is_known_again_however_it_is_written() -> None:
    assert len({collector_url(f"http://H:4318{tail}") for tail in ("", "/", "/v1/traces", "/v1/metrics")}) == 1


def test_the_command_sends_and_says_how_much(tmp_path: Path, telemetry: Telemetry) -> None:
    telemetry.record([event()])
    with collector() as received:
        words = ["telemetry", "export", "--otlp-endpoint", received.url, "--db", telemetry.url, "-q"]
        first, second = CliRunner().invoke(cli, words), CliRunner().invoke(cli, words)
    assert first.output == f"1 call sent to {received.url}; 1 added to its metrics\n"
    assert second.output.startswith("0 calls")
    assert len(received.spans()) == 1


@pytest.mark.parametrize("option", [["--since", "7d"], ["--format", "csv"], ["--output", "x"], ["--model", "m"]])
def test_the_command_refuses_to_pass_calls_over(option: list[str]) -> None:
    result = CliRunner().invoke(cli, ["telemetry", "export", "--otlp-endpoint", "http://127.0.0.1:9", *option])
    assert isinstance(result.exception, UsageError) or result.exit_code == 2


def test_exporting_lines_needs_no_sdk(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry.record([event()])
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    assert (
        len(list(telemetry.export(__import__("engine.telemetry.filters", fromlist=["x"]).EventFilter(), "otlp"))) == 1
    )
    with pytest.raises(InputError, match=r"opentelemetry\.sdk"):
        telemetry.send("http://127.0.0.1:9")
