"""Changing profiles by words, names, and laying wishes over others."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PacksightError, UsageError
from engine.model import ChunkClass
from engine.profiles import Profile, changed, check_name, describe_difference, lay_over
from engine.request import Tuning
from tests.engine.profiles.made import PROFILES, TUNINGS

EMPTY = Profile("mine")


def test_words_set_and_take_out_every_kind_of_key() -> None:
    words = [
        "budget=64k", "reserve=8,192", "format=plain", "weights.tests=0.5", "shares.docs=0..20%", "max_level.tests=3",
        'pins."src/a=b.py"=0', "pins.*.md=2", "excludes=docs/,*.csv", "excludes+=x", "excludes-=docs/",
    ]  # fmt: skip
    profile = changed(EMPTY, words)
    assert (profile.budget, profile.reserve_tokens, profile.format) == ("64k", 8192, "plain")
    assert profile.tuning == Tuning(
        {ChunkClass.TESTS: 0.5},
        {ChunkClass.DOCS: (0, 0.2)},
        {ChunkClass.TESTS: 3},
        (("src/a=b.py", 0), ("*.md", 2)),
        ("*.csv", "x"),
    )
    without = [f"{word.rpartition('=')[0].rstrip('+-')}=" for word in words]
    assert changed(profile, without) == EMPTY


def test_a_pin_that_is_set_again_counts_last() -> None:
    profile = changed(EMPTY, ["pins.a=0", "pins.b=1", "pins.a=2"])
    assert profile.tuning.pins == (("b", 1), ("a", 2))


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("weigths.tests=1", "weights.CLASS"),
        ("weights.tsts=1", "tests"),
        ("weights=1", "weights"),
        ("weights.tests=x", "tests"),
        ("weights.tests=-1", "weights.tests"),
        ("weights.tests=nan", "weights.tests"),
        ("weights.tests=1e99", "weights.tests"),
        ("shares.docs=5", "MIN..MAX"),
        ("max_level.docs=9", "9"),
        ("pins.x=full", "full"),
        ("reserve=-1", "reserve"),
        ("excludes+=", "excludes"),
        ("excludes-=docs/", "docs/"),
        ("budget", "KEY=VALUE"),
        ("=3", "KEY=VALUE"),
        ("bugdet=3", "budget"),
    ],
)
def test_words_that_are_none_are_clear_errors(word: str, named: str) -> None:
    with pytest.raises(UsageError) as error:
        changed(EMPTY, [word])
    assert named in error.value.message + error.value.hint


def test_smallest_shares_must_fit_together() -> None:
    with pytest.raises(UsageError):
        changed(EMPTY, ["shares.docs=60..100%", "shares.code=60..100%"])


@given(st.lists(st.text(max_size=30) | st.from_regex(r"(weights|pins|shares)\.[a-z]{1,8}=.{0,6}"), max_size=3))
def test_any_words_change_a_profile_or_are_a_clear_error(words: list[str]) -> None:
    with contextlib.suppress(PacksightError):
        changed(EMPTY, words)


@pytest.mark.parametrize("name", ["lean", "Für Reviews", "v1.2", "日本", "a+b (c)"])
def test_names_may_be_words(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "none", "Default", "now", "a/b", "a,b", "a=b", "a@2", ".a", "a\n", " a", "a ", "x" * 61, "\udce9"]
)
def test_names_are_told_from_paths_versions_and_settings(name: str) -> None:
    with pytest.raises(UsageError):
        check_name(name)


@given(TUNINGS, TUNINGS)
def test_laying_over_is_decided_by_the_upper_one(base: Tuning, over: Tuning) -> None:
    both = lay_over(base, over)
    assert both.weights == {**base.weights, **over.weights}
    assert dict(both.pins) == {**dict(base.pins), **dict(over.pins)}
    assert both.pins[len(both.pins) - len(over.pins) :] == over.pins
    assert set(both.excludes) == {*base.excludes, *over.excludes}
    assert lay_over(both, over) == both


@given(TUNINGS, st.integers(0, 100))
def test_smallest_shares_of_layers_fit_the_budget(base: Tuning, low: int) -> None:
    over = Tuning(shares={ChunkClass.CODE: (low / 100, 1)})
    both = lay_over(base, over)
    assert both.shares[ChunkClass.CODE] == (low / 100, 1)
    assert sum(least for least, _ in both.shares.values()) <= 1 + 1e-8
    fits = sum(least for name, (least, _) in base.shares.items() if name is not ChunkClass.CODE) <= 1 - low / 100
    assert not fits or {**base.shares, **over.shares} == both.shares


@given(PROFILES, PROFILES)
def test_a_difference_is_told_exactly_when_there_is_one(one: Profile, other: Profile) -> None:
    same = (one.budget, one.reserve_tokens, one.format) == (other.budget, other.reserve_tokens, other.format)
    same &= one.tuning.weights == other.tuning.weights and one.tuning.excludes == other.tuning.excludes
    same &= one.tuning.pins == other.tuning.pins
    for name in ChunkClass:
        same &= one.tuning.shares.get(name, (0, 1)) == other.tuning.shares.get(name, (0, 1))
        same &= one.tuning.max_level.get(name, 5) == other.tuning.max_level.get(name, 5)
    assert (describe_difference(one, other) == ()) == same


def test_differences_are_told_in_words() -> None:
    before = changed(EMPTY, ["pins.a=0", "shares.docs=0..50%", "budget=32k"])
    after = changed(
        before,
        ["budget=64k", "weights.tests=1.2", "shares.docs=10..20%", "max_level.tests=2", "pins.a=1", "excludes=x"],
    )
    assert describe_difference(before, after, {ChunkClass.TESTS: 0.45}) == (
        "budget 32k → 64k",
        "tests weight 0.45 → 1.2",
        "docs 10 to 20 % of the budget (was at most 50 %)",
        "tests no deeper than condensed",
        "pin of a full → trimmed",
        "left out x",
    )
    assert describe_difference(after, None)[-2:] == ("no longer pinned: a", "no longer left out: x")
