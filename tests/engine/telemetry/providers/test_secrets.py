"""A planted key turns up nowhere: not in events, messages, tracebacks, representations, logs or files."""

from __future__ import annotations

import dataclasses
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.telemetry.providers import CallFailed, Key, find_key, service_of
from engine.telemetry.providers.keys import redacted
from tests.engine.telemetry.providers.server import Served
from tests.engine.telemetry.providers.setup import KINDS, SECRET, Line, line, plan_for
from tests.engine.telemetry.providers.shapes import failed, served

every = pytest.mark.parametrize("kind", KINDS)
ENDINGS: dict[str, Callable[[str], Served]] = {
    "fine": lambda kind: served(kind),
    "echoed": lambda kind: failed(kind, 401, "invalid_api_key", f"Incorrect key: {SECRET}. Bearer {SECRET}"),
    "masked": lambda kind: failed(kind, 401, SECRET, "Incorrect API key provided: sk-plant*****stuv."),
    "in a word": lambda kind: failed(kind, 400, SECRET, "No."),
    "limited": lambda kind: failed(kind, 429, "limited", f"Key {SECRET} is limited.", retry_after="1"),
    "cut": lambda kind: replace(served(kind), cut=True, events=served(kind).events[:1]),
    "no json": lambda kind: replace(served(kind), events=[f"event: message_start\ndata: {{{SECRET}\n\n".encode()]),
}  # fmt: skip


def everything_said(call: Line, error: BaseException | None) -> str:
    told = [repr(call.events), repr(call.caller), repr(call.adapter), repr(call.plan), *call.warned]
    told += [str(dataclasses.asdict(event)) for event in call.events]
    if error is not None:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        # The frames of the test hold what the service was asked.
        shown.stack[:] = [frame for frame in shown.stack if "tests" not in Path(frame.filename).parts]
        assert shown.stack
        told += ["".join(shown.format()), repr(error), str(vars(error)), getattr(error, "hint", "")]
    return "\n".join(told)


@every
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_planted_key_is_found_nowhere(
    kind: str, ending: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "google_genai", "httpx2", "httpcore2", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    error: BaseException | None = None
    with line(kind, ENDINGS[ending](kind), plan=plan_for(kind, retries=1)) as call:
        try:
            call.caller.run(call.plan)
        except CallFailed as failed_call:
            error = failed_call
    assert (error is None) is (ending == "fine")
    sent = str([asked.headers for asked in call.service.asked])
    assert SECRET in sent
    out, err = capfd.readouterr()
    said = everything_said(call, error) + caplog.text + out + err
    assert SECRET not in said
    assert "planted" not in said
    assert "*stuv" not in said
    if error is not None:
        assert error.__cause__ is None
        assert error.__context__ is None


def test_a_key_shows_where_it_is_from_and_nothing_else() -> None:
    key = Key(SECRET, "environment OPENAI_API_KEY")
    assert SECRET not in f"{key} {key!r} {[key]} {vars(type(key))}"
    assert "OPENAI_API_KEY" in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize(
    "text",
    [f"bad key {SECRET}", "sk-proj-abcDEF123456", "AIzaSyD-1234567890abcdef", "Authorization: Bearer abc.def.ghi"],
)
def test_what_looks_like_a_key_is_hidden_in_messages(text: str) -> None:
    hidden = redacted(text, Key(SECRET, "test"))
    assert "[key]" in hidden
    assert not {SECRET, "abcDEF123456", "SyD", "abc.def"} & set(hidden.split())


def test_messages_of_services_are_one_line_of_bounded_length() -> None:
    hidden = redacted("no\n" * 5_000, None)
    assert "\n" not in hidden
    assert len(hidden) <= 400


@pytest.mark.parametrize(
    ("provider", "variable"),
    [
        ("openai", "OPENAI_API_KEY"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("gemini", "GEMINI_API_KEY"),
        ("gemini", "GOOGLE_API_KEY"),
    ],
)
def test_keys_come_from_the_environment(provider: str, variable: str) -> None:
    key = find_key(service_of(provider), {variable: f" {SECRET}\n"})
    assert key.reveal() == SECRET
    assert key.source == f"environment {variable}"


def test_a_keyring_is_asked_when_the_environment_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    asked: list[tuple[str, str]] = []

    def get_password(service: str, name: str) -> str | None:
        asked.append((service, name))
        return SECRET if name == "anthropic" else None

    monkeypatch.setattr(keyring, "get_password", get_password)
    key = find_key(service_of("anthropic"), {})
    assert (key.reveal(), key.source) == (SECRET, "keyring")
    with pytest.raises(InputError, match="no key for openai") as caught:
        find_key(service_of("openai"), {})
    assert "OPENAI_API_KEY" in caught.value.hint
    assert asked == [("packsight", "anthropic"), ("packsight", "openai")]
    asked.clear()
    find_key(service_of("anthropic"), {"ANTHROPIC_API_KEY": SECRET})
    assert asked == []


def test_a_keyring_that_cannot_be_opened_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")

    def get_password(service: str, name: str) -> str:
        raise RuntimeError("no desktop")

    monkeypatch.setattr(keyring, "get_password", get_password)
    with pytest.raises(InputError, match="no key"):
        find_key(service_of("gemini"), {})


def test_nothing_in_the_room_writes_files() -> None:
    room = Path(find_key.__code__.co_filename).parent
    for path in room.glob("*.py"):
        text = path.read_text("utf-8")
        assert "open(" not in text.replace("open_adapter(", ""), path
        assert "write_text" not in text
