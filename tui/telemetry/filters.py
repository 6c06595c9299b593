"""A filter of calls as a person types it: ``provider:openai outcome:cut_off since:7d``."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import UsageError
from engine.telemetry.filters import EventFilter
from engine.telemetry.since import read_moment
from engine.telemetry.words import Outcome
from tui.telemetry.choices import NAMED, Choices, typeable

MOMENTS = ("since", "until")
KEYS = (*NAMED, "outcome", *MOMENTS)
"""What can be filtered by."""
SINCE = ("", "24h", "7d", "30d", "90d")
"""Times that a key goes through."""
_WITHOUT_KEY = ("model", "category", "provider", "outcome")
"""Where a word without a key is looked for, in this order."""
_SHOWN = 6
"""Choices that are shown while a word is typed."""


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """What a text stands for."""

    wanted: EventFilter
    trouble: str = ""
    """What cannot be understood, with the nearest choice; ``wanted`` then means nothing."""


def read_filter(text: str, choices: Choices, now: datetime.datetime) -> ReadFilter:
    """Read what was typed.

    A word without a key is looked for among models, categories, providers and outcomes. A key without a name is passed
    over, because a person is typing it.
    """
    moments: dict[str, datetime.datetime] = {}
    names: dict[str, list[str]] = {key: [] for key in (*NAMED, "outcome")}
    for key, said in _words(text):
        try:
            if key in MOMENTS:
                moments[key] = read_moment(said, now)
                continue
        except UsageError as error:
            return ReadFilter(EventFilter(), f"{error.message}; {error.hint}")
        if key and key not in names:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"did you mean {near[0]}:?" if near else f"there is {': '.join(KEYS)}:"
            return ReadFilter(EventFilter(), f"calls have no '{key[:40]}'; {hint}")
        where = key or next(
            (one for one in ("model", "category", "provider", "outcome") if choices.named(one, said)), ""
        )
        found = choices.named(where, said) if where else ()
        if not found:
            what = where or "model, category, provider or outcome"
            return ReadFilter(
                EventFilter(), f"there is no {what} '{said[:40]}'; {choices.near(where or 'model', said)}"
            )
        names[where] += found
    return ReadFilter(
        EventFilter(
            **moments, providers=tuple(names["provider"]), models=tuple(names["model"]),
            categories=tuple(names["category"]), complexities=tuple(names["complexity"]),
            outcomes=tuple(map(Outcome, names["outcome"])),
        )
    )  # fmt: skip


def with_name(text: str, key: str, name: str) -> str:
    """Let a filter have one name for a key, none when it has just that one; what else it says stays.

    Args:
        text: The filter as it is typed.
        key: One of ``KEYS``.
        name: A name of the data, or a moment; ``""`` of a moment takes it away.
    """
    said = name if key in MOMENTS else typeable(name)
    word = f"{key}:{said}"
    words = text.split()
    kept = [one for one in words if not one.casefold().startswith(f"{key}:")]
    return " ".join(kept if word in words or not said else [*kept, word])


def next_since(text: str) -> str:
    """Let a filter go back to the next longer time, from the longest to all."""
    now = next((word.partition(":")[2] for word in text.split() if word.startswith("since:")), "")
    at = SINCE.index(now) if now in SINCE else 0
    return with_name(text, "since", SINCE[(at + 1) % len(SINCE)])


def completions(text: str, choices: Choices) -> list[tuple[str, int]]:
    """Texts that the last word may be meant to make, the most frequent first, with calls (-1 for no number)."""
    if not text or text.endswith(" "):
        return []
    head, _, word = text.rpartition(" ")
    head = f"{head} " if head else ""
    key, colon, said = word.partition(":")
    if not colon:
        return [(f"{head}{one}:", -1) for one in KEYS if one.startswith(key.casefold())]
    before, comma, last = said.rpartition(",")
    known = [(one, -1) for one in SINCE[1:]] if key in MOMENTS else choices.typed(key)
    return [
        (f"{head}{key}:{before}{comma}{name}", calls)
        for name, calls in known
        if name.casefold().startswith(last.casefold())
    ][:_SHOWN]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """(key, name) of every name; the key is ``""`` where there is none."""
    for word in text.split():
        key, colon, said = word.partition(":")
        if not colon:
            yield "", word
        elif key in MOMENTS:
            if said:
                yield key, said
        else:
            for one in said.split(","):
                if one or key.casefold() not in KEYS:
                    yield key.casefold(), one
