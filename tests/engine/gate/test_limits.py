from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.gate.limits import MOST_TOKENS, Limit, read_limit, roomier, roomier_percent


@pytest.mark.parametrize(
    ("written", "whole", "tokens"),
    [("4000", 9, 4000), ("4k", 9, 4000), ("1.5M", 9, 1_500_000), (4000, 9, 4000), ("5%", 200, 10), ("0", 9, 0),
     ("150 %", 200, 300), ("32,000", 9, 32000), ("0%", 50, 0), (0, 9, 0)],
)  # fmt: skip
def test_limits_are_read_as_people_write_them(written: str | int, whole: int, tokens: int) -> None:
    assert read_limit(written).of(whole) == tokens


@pytest.mark.parametrize(
    "written", ["", "many", "-4", "4kk", "%", "1e9", "9" * 30, True, None, 4.5, 10**400, "٣", "-1%"]
)
def test_what_is_no_limit_is_refused_in_one_line(written: object) -> None:
    with pytest.raises(UsageError) as refused:
        read_limit(written)
    assert "\n" not in refused.value.message
    assert len(refused.value.message) < 100


@given(st.integers(0, MOST_TOKENS))
def test_a_suggested_limit_holds_what_it_is_suggested_for_and_little_more(tokens: int) -> None:
    suggested = read_limit(roomier(tokens)).of(0)
    assert tokens <= suggested <= tokens * 1.1 + 1


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_suggested_percentage_holds_what_it_is_suggested_for(part: int, whole: int) -> None:
    assert read_limit(roomier_percent(part, whole)).of(whole) >= part


def test_a_limit_says_what_it_is() -> None:
    assert (str(Limit(4000)), str(Limit(percent=2.5))) == ("4,000 tokens", "2.5%")
