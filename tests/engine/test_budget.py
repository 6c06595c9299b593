from __future__ import annotations

import pytest

from engine.budget import parse_budget
from engine.errors import UsageError


@pytest.mark.parametrize(
    ("written", "tokens"),
    [("32000", 32_000), ("32k", 32_000), ("32K", 32_000), ("1M", 1_000_000), ("1.5k", 1_500), ("40%", 419_200),
     ("32,000", 32_000), ("32_000", 32_000), (500, 500), (" 8k ", 8_000), ("100%", 1_048_000)],
)  # fmt: skip
def test_written_budgets(written: str | int, tokens: int) -> None:
    assert parse_budget(written, 1_048_000) == tokens


@pytest.mark.parametrize("written", ["0", "-1", "abc", "300%", "", "k", "1e3", "2M", "0%", "1 000", "nan", "0.2"])
def test_budgets_that_make_no_sense_say_so_in_words(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_budget(written, 1_048_000)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert "\n" not in caught.value.message


HUGE: tuple[str | int, ...] = ("9" * 400, "9" * 400 + "%", "1" * 30 + "k", 10**5000, -(10**5000), "x" * 10**6)


@pytest.mark.parametrize("written", HUGE, ids=range(len(HUGE)))
def test_a_number_that_no_computer_holds_is_a_mistake_in_one_short_line(written: str | int) -> None:
    with pytest.raises(UsageError) as caught:
        parse_budget(written, 1_048_000)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("written", ["abc", "-1", "2M", "300%", "9" * 400])
def test_a_wrong_budget_names_the_file_that_it_is_written_in(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_budget(written, 1_048_000, "/shop/.packsight.toml")
    assert caught.value.message.startswith("/shop/.packsight.toml: budget ")
    for origin in ("flag", "default", ""):
        with pytest.raises(UsageError, match=r"^budget "):
            parse_budget(written, 1_048_000, origin)
