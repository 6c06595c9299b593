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
