"""Calls as people ask the facade for them: the model's limits, the prompt's room, the store's writer."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError, UsageError
from engine.events import Event as Told
from engine.events import Warned
from engine.inspector import Inspector
from engine.model import Model
from engine.store.database import open_database
from engine.store.paths import config_dir
from engine.store.telemetry_read import list_events
from engine.telemetry import CeilingSource, Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.providers import CallRequest
from tests.engine.telemetry.providers.server import serving
from tests.engine.telemetry.providers.setup import SECRET, Kept
from tests.engine.telemetry.providers.shapes import Facts, served

LOW = CallRequest(category="docs", complexity="low")


def stored() -> tuple[Event, ...]:
    database = open_database("", create=False)
    try:
        return tuple(list_events(database, EventFilter()).events)
    finally:
        database.close()


def test_a_call_of_ones_own_is_written_to_the_store() -> None:
    with Inspector() as inspector, inspector.call(replace(LOW, provider="anthropic"), "Hello?") as call:
        assert call.arguments() == {"max_tokens": 4096}
        call.report(served("anthropic", stream=False).body)
    (event,) = stored()
    assert (event.provider, event.model) == ("anthropic", "claude-sonnet-5-5")
    assert (event.actual_max_tokens, event.ceiling_source) == (4096, CeilingSource.SENT)
    assert event.actual_output_tokens == 310
    assert event.cost_usd
    assert event.trace


def test_a_call_through_the_facade_is_answered_and_written(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving([served("openai")]) as service, Inspector() as inspector:
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{service.url}/v1")
        answer = inspector.ask(replace(LOW, model="gpt-5.5"), "Hello?")
    assert answer.text == Facts().text
    assert [event.response_id for event in stored()] == [event.response_id for event in answer.events]


def test_a_writer_of_ones_own_is_used_instead() -> None:
    kept = Kept()
    with Inspector() as inspector, inspector.call(LOW, recorder=kept) as call:
        call.report(served("openai", stream=False).body)
    assert len(kept.events) == 1


def test_the_prompt_takes_room_from_the_answer(tmp_path: Path) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "models.toml").write_text(
        '[[model]]\nid = "tiny"\nprovider = "openai"\ncontext_window = 3000\nmax_output = 3000\n'
        'encoding = "o200k_base"\nmethod = "exact"\nclaim = "a test"\n'
    )
    with Inspector() as inspector:
        request = replace(LOW, model="tiny")
        assert inspector.call(request).ceiling_tokens == 3000
        assert inspector.call(request, "word " * 1000).ceiling_tokens < 2010
        with pytest.raises(InputError, match="no room"):
            inspector.call(request, "word " * 4000)


def test_who_serves_a_model_decides_how_it_is_called() -> None:
    with Inspector() as inspector:
        assert inspector.call(replace(LOW, model="gemini-3.8-flash")).decision.provider == "gemini"
        assert inspector.call(replace(LOW, model="claude-opus-5-5")).decision.provider == "anthropic"
        assert inspector.call(replace(LOW, provider="google")).decision.model == "gemini-3.8-flash"
        with pytest.raises(UsageError, match="cannot be called"):
            inspector.call(replace(LOW, model="mistral-large-4"))
        with pytest.raises(InputError, match="unknown model"):
            inspector.call(replace(LOW, model="gpt-55.5"))
        with pytest.raises(UsageError, match="truncation"):
            inspector.call(replace(LOW, on_truncation="pray"))


def test_a_model_that_ends_soon_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def emit(event: Told) -> None:
        if isinstance(event, Warned):
            told.append(event.message)

    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)).date().isoformat()
    found = Inspector.model

    def model(self: Inspector, name: str) -> Model:
        return replace(found(self, name), deprecation=soon)

    monkeypatch.setattr(Inspector, "model", model)
    with serving([served("openai")]) as service, Inspector(emit=emit) as inspector:
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{service.url}/v1")
        inspector.ask(LOW, "Hello?", recorder=Kept())
    assert told == [f"gpt-5.5 ends on {soon}"]
