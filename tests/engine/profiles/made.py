"""Profiles for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.model import CLASSES
from engine.profiles import Profile
from engine.request import Tuning

GLOBS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_classes = st.sampled_from(CLASSES)
_shares = st.tuples(st.integers(0, 10), st.integers(10, 100)).map(lambda pair: (pair[0] / 100, pair[1] / 100))
TUNINGS = st.builds(
    Tuning,
    weights=st.dictionaries(_classes, st.floats(0, 1000, allow_nan=False)),
    shares=st.dictionaries(_classes, _shares),
    max_level=st.dictionaries(_classes, st.integers(0, 5)),
    pins=st.dictionaries(GLOBS, st.integers(0, 5), max_size=4).map(lambda pins: tuple(pins.items())),
    excludes=st.lists(GLOBS, unique=True, max_size=4).map(tuple),
)
PROFILES = st.builds(
    Profile,
    name=st.just("lean"),
    budget=st.none() | st.sampled_from(["64k", "40%"]) | st.integers(1, 10**6),
    reserve_tokens=st.none() | st.integers(0, 10**6),
    format=st.sampled_from(["", "xml", "plain"]),
    tuning=TUNINGS,
    tuned_at_revision=st.sampled_from(["", "2ac89889f4cc"]),
)
