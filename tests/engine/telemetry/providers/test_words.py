"""The rules know what the SDKs know: a word that a new version brings fails here before it is misread."""

from __future__ import annotations

import typing

import pytest

from engine.errors import InputError, UsageError
from engine.telemetry.providers import Sending, service_of, wire_of
from engine.telemetry.providers.rules import ending_of, rules
from engine.telemetry.providers.sending import check_sending, load_sdk
from engine.telemetry.words import Finish
from tests.engine.telemetry.providers.setup import SECRET, line
from tests.engine.telemetry.providers.shapes import served


def words_of(provider: str) -> set[str]:
    """Every word for an ending that the SDK of a provider has types for."""
    if provider == "openai":
        from openai.types.chat.chat_completion import Choice
        from openai.types.responses.response import IncompleteDetails
        from openai.types.responses.response_status import ResponseStatus

        reason = typing.get_args(typing.get_args(IncompleteDetails.model_fields["reason"].annotation)[0])
        chat = typing.get_args(Choice.model_fields["finish_reason"].annotation)
        return {*reason, *chat, *typing.get_args(ResponseStatus)}
    if provider == "anthropic":
        from anthropic.types import StopReason

        return set(typing.get_args(StopReason))
    from google.genai.types import FinishReason

    return {str(word.value) for word in FinishReason}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
def test_every_word_of_the_sdks_has_a_meaning(provider: str) -> None:
    known = {word for row in rules()["ending"] for word in row["words"]}
    assert {word for word in words_of(provider) if word.lower() not in known} == set()


def test_a_word_nobody_knows_says_nothing() -> None:
    ending = ending_of("brand_new")
    assert (ending.finish, ending.truncated, ending.complete) == (Finish.UNKNOWN, None, False)


def sending(model: str = "gpt-5.5", provider: str = "openai", **known: typing.Any) -> Sending:
    return Sending(model=model, wire=wire_of(provider, model), prompt="x", ceiling_tokens=4096, **known)


@pytest.mark.parametrize(
    "wrong",
    [
        {"effort": "enormous"},
        {"effort": "low", "model": "gpt-4o"},
        {"effort": "low", "provider": "anthropic", "model": "claude-haiku-4-5"},
        {"thinking_tokens": 1024},
        {"thinking_tokens": 4096, "provider": "anthropic", "model": "claude-haiku-4-5"},
        {"thinking_tokens": 8000, "provider": "gemini", "model": "gemini-2.5-pro"},
    ],
)
def test_what_no_service_would_take_is_refused_before_it_is_sent(wrong: dict[str, typing.Any]) -> None:
    with pytest.raises(UsageError) as caught:
        check_sending(sending(**wrong))
    assert caught.value.hint


def test_only_the_three_can_be_called() -> None:
    for label in ("mistral", ""):
        with pytest.raises(UsageError) as caught:
            service_of(label)
        assert "openai, anthropic, gemini" in caught.value.hint
    assert service_of("google").name == "gemini"
    with pytest.raises(UsageError, match="no interface"):
        wire_of("anthropic", "claude-opus-5-5", "chat")


def test_the_machine_has_no_say_in_where_gemini_is_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"):
        monkeypatch.setenv(name, "true")
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.setenv(name, f"other-{name}")
    with line("gemini", served("gemini")) as call:
        call.caller.run(call.plan)
    assert call.service.asked[0].headers["x-goog-api-key"] == SECRET
    assert "streamGenerateContent" in call.service.asked[0].path
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == []


def test_an_sdk_that_is_not_there_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.telemetry.providers import sending as room

    def import_module(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(room, "import_module", import_module)
    with pytest.raises(InputError) as caught:
        load_sdk(service_of("gemini"))
    assert "packsight[gemini]" in caught.value.hint
