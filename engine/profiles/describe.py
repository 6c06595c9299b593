"""The difference between two profiles in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model import CLASSES, ChunkClass, Level
from engine.profiles.profile import Profile

_DEEPEST = 5
_WHOLE = (0.0, 1.0)


def describe_difference(
    before: Profile | None, after: Profile | None, weights: Mapping[ChunkClass, float] | None = None
) -> tuple[str, ...]:
    """Say what changes on the way from one profile to another, one short phrase for each change.

    Globs stand in the phrases as they were written; front ends make them harmless.

    Args:
        before: A profile, or None for none.
        after: A profile, or None for none.
        weights: Weights of classes that a profile does not name.

    Returns:
        Nothing when both ask for the same; names, versions and revisions do not count.
    """
    old, new = before or Profile("none"), after or Profile("none")
    return (
        *_settings(old, new),
        *_weights(old, new, weights or {}),
        *_shares(old, new),
        *_deepest(old, new),
        *_pins(old, new),
        *_excludes(old, new),
    )


def _settings(old: Profile, new: Profile) -> Iterator[str]:
    yield from _setting("budget", _tokens(old.budget), _tokens(new.budget), "budget left to the settings")
    yield from _setting(
        "reserve", _tokens(old.reserve_tokens), _tokens(new.reserve_tokens), "reserve left to the settings"
    )
    yield from _setting("format", old.format, new.format, "format left to the settings")


def _setting(name: str, old: str, new: str, without: str) -> Iterator[str]:
    if old != new:
        yield f"{name} {old} → {new}" if old and new else f"{name} {new}" if new else without


def _tokens(value: str | int | None) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else value


def _weights(old: Profile, new: Profile, weights: Mapping[ChunkClass, float]) -> Iterator[str]:
    for name in CLASSES:
        was = old.tuning.weights.get(name, weights.get(name))
        now = new.tuning.weights.get(name, weights.get(name))
        if was != now:
            left, right = ("as shipped" if weight is None else f"{weight:g}" for weight in (was, now))
            yield f"{name.value} weight {left} → {right}"


def _shares(old: Profile, new: Profile) -> Iterator[str]:
    for name in CLASSES:
        was, now = (profile.tuning.shares.get(name, _WHOLE) for profile in (old, new))
        if was != now:
            yield (
                f"{name.value} {share_words(now)} (was {share_words(was, bare=True)})"
                if was != _WHOLE
                else (f"{name.value} {share_words(now)}")
            )


def share_words(share: tuple[float, float], *, bare: bool = False) -> str:
    """A share in words: ``at most 20 % of the budget``."""
    low, high = share
    of = "" if bare else " of the budget"
    if share == _WHOLE:
        return "any share" + of
    if low <= 0:
        return f"at most {high * 100:g} %{of}"
    return f"at least {low * 100:g} %{of}" if high >= 1 else f"{low * 100:g} to {high * 100:g} %{of}"


def _deepest(old: Profile, new: Profile) -> Iterator[str]:
    for name in CLASSES:
        was, now = (profile.tuning.max_level.get(name, _DEEPEST) for profile in (old, new))
        if was != now:
            yield (
                f"{name.value} may go down to one line per file"
                if now == _DEEPEST
                else f"{name.value} no deeper than {level_words(now)}"
            )


def level_words(level: int) -> str:
    """A level by its name."""
    return Level(level).name.lower()


def _pins(old: Profile, new: Profile) -> Iterator[str]:
    was, now = dict(old.tuning.pins), dict(new.tuning.pins)
    for glob, level in now.items():
        if glob not in was:
            yield f"pinned {glob} at {level_words(level)}"
        elif was[glob] != level:
            yield f"pin of {glob} {level_words(was[glob])} → {level_words(level)}"
    for glob in was:
        if glob not in now:
            yield f"no longer pinned: {glob}"
    if was == now and list(was) != list(now):
        yield "pins in another order"


def _excludes(old: Profile, new: Profile) -> Iterator[str]:
    was, now = old.tuning.excludes, new.tuning.excludes
    yield from (f"left out {glob}" for glob in now if glob not in was)
    yield from (f"no longer left out: {glob}" for glob in was if glob not in now)
    if was != now and set(was) == set(now):
        yield "excludes in another order"
