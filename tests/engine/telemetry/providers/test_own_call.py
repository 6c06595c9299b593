"""People who make the call themselves, with clients of the real SDKs: they get the decision, we get the event."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from engine.budgets import Limits, Task, decide
from engine.errors import UsageError
from engine.telemetry import Finish, Outcome
from engine.telemetry.providers import Labels, OwnCall, read_reply
from tests.engine.telemetry.providers.server import Served, Service, serving
from tests.engine.telemetry.providers.setup import KINDS, SECRET, Kept, StillClock, provider_of
from tests.engine.telemetry.providers.shapes import MODELS, Facts, served

every = pytest.mark.parametrize("kind", KINDS)
PROMPT = "Describe how orders are totalled."


@contextmanager
def client_of(kind: str, *answers: Served) -> Iterator[tuple[Any, Service]]:
    """A client as people make them."""
    with serving(answers) as service:
        if kind == "gemini":
            from google import genai

            with genai.Client(api_key=SECRET, http_options={"base_url": service.url}) as client:
                yield client, service
        elif kind == "anthropic":
            import anthropic

            with anthropic.Anthropic(api_key=SECRET, base_url=service.url, max_retries=0) as client:
                yield client, service
        else:
            import openai

            with openai.OpenAI(api_key=SECRET, base_url=f"{service.url}/v1", max_retries=0) as client:
                yield client, service


def send(kind: str, client: Any, **arguments: Any) -> Any:
    """A call as people write it."""
    if kind == "openai":
        return client.responses.create(model=MODELS[kind], input=PROMPT, **arguments)
    if kind == "gemini":
        return client.models.generate_content(model=MODELS[kind], contents=PROMPT, **arguments)
    messages = [{"role": "user", "content": PROMPT}]
    create = client.messages.create if kind == "anthropic" else client.chat.completions.create
    return create(model=MODELS[kind], messages=messages, **arguments)


def own(kind: str, kept: Kept | None = None, **known: Any) -> OwnCall:
    limits = Limits(provider=provider_of(kind), model=MODELS[kind], max_output_tokens=64_000)
    decision = decide(Task(category="docs", complexity="low"), limits)
    return OwnCall(decision, limits, kept, clock=StillClock(), **known)


def api(kind: str) -> str:
    return "chat" if kind == "chat" else ""


@every
def test_the_response_object_of_an_sdk_is_all_that_is_reported(kind: str) -> None:
    kept = Kept()
    labels = Labels(run_id="nightly", phase_id="docs-3")
    with client_of(kind, served(kind, stream=False)) as (client, service), own(kind, kept, labels=labels) as call:
        reply = call.report(send(kind, client, **call.arguments(api(kind))))
    event = kept.events[0]
    assert call.event == event
    assert reply.text == Facts().text
    assert (event.actual_output_tokens, event.reasoning_tokens, event.cached_tokens) == (310, 120, 800)
    assert (event.actual_max_tokens, event.selected_budget) == (4096, 4096)
    assert "4096" in str(service.bodies[0])
    assert (event.run_id, event.phase_id, event.success) == ("nightly", "docs-3", True)


@every
def test_json_and_chunks_are_as_good_as_objects(kind: str) -> None:
    whole = served(kind, stream=False)
    with client_of(kind, whole) as (client, _):
        thing = send(kind, client, **own(kind).arguments(api(kind)))
    from_object, from_json = read_reply(thing), read_reply(whole.body)
    assert from_object.usage == from_json.usage == read_reply(thing.model_dump()).usage
    assert from_object.text == from_json.text == Facts().text
    assert from_object.finish is from_json.finish is Finish.STOP
    with client_of(kind, served(kind)) as (client, _):
        if kind == "gemini":
            config = own(kind).arguments()["config"]
            chunks = list(client.models.generate_content_stream(model=MODELS[kind], contents=PROMPT, config=config))
        else:
            options = {"stream_options": {"include_usage": True}} if kind == "chat" else {}
            chunks = list(send(kind, client, stream=True, **own(kind).arguments(api(kind)), **options))
    streamed = read_reply(chunks)
    assert (streamed.text, streamed.finish) == (from_json.text, Finish.STOP)
    assert streamed.usage == from_json.usage


def test_the_streaming_helpers_of_the_sdks_are_reported_by_their_final_answer_or_their_events() -> None:
    messages = [{"role": "user", "content": PROMPT}]
    with client_of("anthropic", served("anthropic")) as (client, _):
        asked = {"model": MODELS["anthropic"], "messages": messages, **own("anthropic").arguments()}
        with client.messages.stream(**asked) as stream:
            pieces = list(stream)
        replies = [read_reply(pieces), read_reply(stream.get_final_message())]
    with client_of("openai", served("openai")) as (client, _):
        with client.responses.stream(model=MODELS["openai"], input=PROMPT, **own("openai").arguments()) as stream:
            pieces = list(stream)
        replies += [read_reply(pieces), read_reply(stream.get_final_response())]
    assert {reply.text for reply in replies} == {Facts().text}
    assert {(reply.usage.output_tokens, reply.usage.reasoning_tokens) for reply in replies} == {(310, 120)}
    assert {reply.finish for reply in replies} == {Finish.STOP}


def test_asynchronous_clients_are_reported_like_the_others() -> None:
    kept = Kept()

    async def main(url: str) -> None:
        import openai

        async with openai.AsyncOpenAI(api_key=SECRET, base_url=f"{url}/v1", max_retries=0) as client:
            with own("openai", kept) as call:
                call.report(await send("openai", client, **call.arguments()))

    with serving([served("openai", stream=False)]) as service:
        asyncio.run(main(service.url))
    assert kept.events[0].actual_output_tokens == 310


@every
def test_a_truncation_is_escalated_by_the_caller(kind: str) -> None:
    kept = Kept()
    cut = served(kind, Facts(end="length", output=4096), stream=False)
    with client_of(kind, cut, served(kind, stream=False)) as (client, service):
        with own(kind, kept) as call:
            call.report(send(kind, client, **call.arguments(api(kind))))
        again = call.escalated()
        assert again is not None
        with again as call:
            call.report(send(kind, client, **call.arguments(api(kind))))
        assert call.escalated() is None
        assert "5120" in str(service.bodies[1])
    first, second = kept.events
    assert (first.attempt, second.attempt) == (1, 2)
    assert (first.dedupe_key[:-1], second.escalation_reason) == (second.dedupe_key[:-1], "truncation")
    assert second.actual_max_tokens == 5120


@every
def test_what_is_raised_inside_goes_on_and_is_recorded(kind: str) -> None:
    kept = Kept()
    broken = Served({"error": {"message": "No.", "type": "server_error", "code": "server_error"}}, 500)
    no = pytest.raises(Exception, match="No")
    with client_of(kind, broken) as (client, _), no as caught, own(kind, kept) as call:
        call.report(send(kind, client, **call.arguments(api(kind))))
    assert type(caught.value).__module__.split(".")[0] in ("openai", "anthropic", "google")
    assert (kept.events[0].success, kept.events[0].finish) == (False, Finish.ERROR)


def test_a_block_that_reports_nothing_leaves_an_event_that_says_so() -> None:
    kept = Kept()
    with own("openai", kept):
        pass
    event = kept.events[0]
    assert (event.success, event.stop_reason, event.outcome) == (False, "not_reported", Outcome.FAILED)
    with pytest.raises(KeyboardInterrupt), own("openai", kept):
        raise KeyboardInterrupt
    assert kept.events[1].stop_reason == "cancelled"


@pytest.mark.parametrize("thing", [None, 3, "text", b"x", [], {}, {"id": "x"}, object(), [1, 2]])
def test_what_is_no_response_is_refused_in_words(thing: object) -> None:
    with pytest.raises(UsageError, match="no answer of a model"):
        read_reply(thing)


def test_a_long_ceiling_of_anthropic_comes_with_streaming() -> None:
    limits = Limits(provider="anthropic", model=MODELS["anthropic"], max_output_tokens=128_000)
    task = Task(category="implementation", complexity="high", deliverables=[f"src/new_{i}.py" for i in range(12)])
    call = OwnCall(decide(task, limits), limits)
    assert call.arguments()["stream"] is True
    assert call.arguments()["max_tokens"] == call.ceiling_tokens > 21_333
    assert own("anthropic").arguments() == {"max_tokens": 4096}
