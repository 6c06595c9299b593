from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.telemetry.calibrate.fit import Seen, at_least, fit, has_drifted, round_up
from engine.telemetry.calibrate.settings import settings as shipped
from engine.telemetry.calibrate.survival import survival

RULES = shipped()
calls = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=60)


@settings(deadline=None)
@given(calls)
def test_the_curve_is_the_reference(seen: list[tuple[int, bool]]) -> None:
    """Without weights it is the Kaplan-Meier curve of a statistics library."""
    stats = pytest.importorskip("scipy.stats")
    lengths, is_cut = np.array([one for one, _ in seen], float), np.array([cut for _, cut in seen])
    curve = survival(lengths, is_cut)
    true = stats.ecdf(stats.CensoredData.right_censored(lengths, is_cut)).sf
    for length in range(62):
        assert curve.longer_than(length) == pytest.approx(float(true.evaluate(length)), abs=1e-9)


@given(calls, st.integers(2, 5))
def test_a_weight_is_so_many_calls(seen: list[tuple[int, bool]], times: int) -> None:
    lengths, is_cut = np.array([one for one, _ in seen], float), np.array([cut for _, cut in seen])
    weighted = survival(lengths, is_cut, np.full(len(seen), float(times)))
    repeated = survival(np.repeat(lengths, times), np.repeat(is_cut, times))
    for length in range(62):
        assert weighted.longer_than(length) == pytest.approx(repeated.longer_than(length), abs=1e-9)


@given(calls, st.floats(0.01, 0.9))
def test_a_quantile_is_the_least_length_that_holds(seen: list[tuple[int, bool]], share: float) -> None:
    lengths, is_cut = np.array([one for one, _ in seen], float), np.array([cut for _, cut in seen])
    curve = survival(lengths, is_cut)
    found = curve.quantile(share)
    if np.isfinite(found):
        assert curve.longer_than(found) <= share + 1e-9
        assert curve.longer_than(found - 1) > share
    else:
        assert is_cut[lengths == lengths.max()].all() or curve.longer_than(lengths.max()) > share


def test_one_ceiling_below_the_quantile_cannot_be_known_and_is_raised() -> None:
    own = [Seen(min(n * 20, 1000), n * 20 > 1000, 1000) for n in range(1, 101)]
    found = fit(own, (), 1000, 0.05, RULES)
    assert (found.is_known, found.budget_tokens) == (False, 2000)
    # A budget that nobody ever sent is no evidence: nothing is doubled beyond it.
    assert fit(own, (), 3000, 0.05, RULES).budget_tokens == 3000


def test_too_few_calls_leave_the_budget_alone() -> None:
    own = [Seen(100, False)] * 10
    assert fit(own, (), 4096, 0.05, RULES).budget_tokens == 4096


def test_sparse_cells_lean_on_their_parent_and_full_ones_hardly() -> None:
    parent = [Seen(1000 + n, False) for n in range(300)]
    few = fit([Seen(100 + n, False) for n in range(20)], parent, 4096, 0.05, RULES)
    full = fit([Seen(100 + n % 50, False) for n in range(300)], parent, 4096, 0.05, RULES)
    assert few.parent_share == pytest.approx(50 / 70)
    assert few.budget_tokens > 1200
    assert full.parent_share == pytest.approx(50 / 350)
    assert full.budget_tokens < few.budget_tokens
    lonely = fit([Seen(100 + n, False) for n in range(20)], parent[:49], 4096, 0.05, RULES)
    assert lonely.parent_samples == 0


def test_answers_that_got_longer_are_noticed_with_and_without_ceilings() -> None:
    before = [Seen(100 + n % 40, False) for n in range(250)]
    after = [Seen(300 + n % 40, False) for n in range(50)]
    assert has_drifted(before + after, 0.05, RULES)
    assert not has_drifted(before + before[:50], 0.05, RULES)
    cut = [Seen(120, True, 120) for _ in range(50)]
    assert has_drifted(before + cut, 0.05, RULES)
    # Half of the answers are above 120 as ever; a low ceiling shows just that.
    usual = [Seen(min(100 + n % 40, 120), 100 + n % 40 > 120, 120) for n in range(50)]
    assert not has_drifted(before + usual, 0.05, RULES)
    mixed = fit(before + after, (), 200, 0.05, RULES)
    assert (mixed.has_drifted, mixed.samples) == (True, 150)


@pytest.mark.parametrize(("hits", "total", "share"), [(0, 50, 0.05), (3, 50, 0.05), (50, 50, 0.05), (8, 20, 0.5)])
def test_the_tail_is_the_reference(hits: int, total: int, share: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert at_least(hits, total, share) == pytest.approx(float(stats.binom.sf(hits - 1, total, share)), abs=1e-12)


@given(st.integers(1, 200_000))
def test_rounding_goes_up_and_by_little(tokens: int) -> None:
    rounded = round_up(tokens, RULES)
    assert tokens <= rounded <= max(tokens * 1.02, tokens + 1)
    assert tokens < 4096 or rounded % 64 == 0
