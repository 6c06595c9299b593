from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.usecases.fit import FULL_ENOUGH, Fit


@settings(max_examples=300, deadline=None)
@given(
    budget=st.integers(200, 200_000),
    factor=st.floats(0.7, 1.6),
    offset=st.integers(-50, 200),
    step=st.integers(1, 40),
)
def test_a_smooth_text_is_filled_within_the_rounds(budget: int, factor: float, offset: int, step: int) -> None:
    """What an aim comes to grows with it, in steps, however far off the estimate is."""

    def actual(aim: int) -> int:
        return max(1, int(aim * factor) // step * step + offset)

    fit = Fit(budget, 40)
    aim: int | None = fit.first_aim(10 * budget)
    fitting: list[int] = []
    tried: list[int] = []
    while aim is not None:
        assert aim >= 40
        assert aim not in tried
        tried.append(aim)
        if actual(aim) <= budget:
            fitting.append(actual(aim))
        aim = fit.next_aim(aim, actual(aim))
    assert len(tried) <= 9
    if fitting and step * 8 < budget * (1 - FULL_ENOUGH):
        assert max(fitting) >= 0.97 * budget


def test_it_starts_at_the_budget_where_everything_may_fit() -> None:
    assert Fit(1_000, 40).first_aim(900) == 1_000
    assert Fit(1_000, 40).first_aim(5_000) < 1_000


def test_it_gives_up_below_the_smallest() -> None:
    fit = Fit(100, 90)
    assert fit.next_aim(fit.first_aim(500), 180) == 90
    assert fit.next_aim(90, 150) is None
