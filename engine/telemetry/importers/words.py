"""Other programs' words for why an answer ended and who gave it, in the event's own."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from engine.telemetry.words import Finish

_ENDED = frozenset({Finish.STOP, Finish.TOOL_USE, Finish.FILTER, Finish.REFUSAL})
_CUT = frozenset({Finish.LENGTH, Finish.CONTEXT})


def finish_of(raw: str) -> Finish:
    """Return why an answer ended; ``UNKNOWN`` for no word and for words that are in no list."""
    return _finish_words().get(raw.casefold(), Finish.UNKNOWN) if raw else Finish.UNKNOWN


def truncated_by(finish: Finish) -> bool | None:
    """Return whether an ending means that the answer was cut off; None when it does not say."""
    return True if finish in _CUT else False if finish in _ENDED else None


@lru_cache(maxsize=256)
def ending(raw: str) -> tuple[Finish, bool | None]:
    """Return ``finish_of`` and what it means for ``truncated``; remembered, since logs have few words for it."""
    finish = finish_of(raw)
    return finish, truncated_by(finish)


def provider_of(raw: str, model: str = "") -> str:
    """Return ``openai``, ``anthropic``, ``gemini`` or what the log calls it; by the model if it says nothing."""
    named = raw.casefold()
    if named:
        return _provider_words().get(named, raw)
    bare = model.casefold().rpartition("/")[2]
    return next((provider for start, provider in _model_starts() if bare.startswith(start)), "")


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _finish_words() -> dict[str, Finish]:
    return {word: Finish(finish) for finish, words in _words()["finish"].items() for word in words}


@cache
def _provider_words() -> dict[str, str]:
    return {word: provider for provider, words in _words()["provider"].items() for word in words}


@cache
def _model_starts() -> tuple[tuple[str, str], ...]:
    return tuple((start, provider) for provider, starts in _words()["provider_of_model"].items() for start in starts)
