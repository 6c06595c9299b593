"""Live packs are about what their finished text will be made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from engine.usecases.landing import Landing
from tests.sample import FILES, make_repository


def uneven_files(number: int) -> dict[str, str]:
    """Modules whose functions all differ in length."""
    body = "\n\n".join(
        f"def step_{at}(value):\n"
        + "".join(f"    value_{line} = value.get({line * at})\n" for line in range(1 + at % 17))
        for at in range(12)
    )
    return {f"pkg/m{at}.py": f"NAME = {at}\n\n\n{body}\n\n{'# end of the module' * at}\n" for at in range(number)}


@pytest.mark.parametrize(
    ("format_name", "tolerated"), [("xml", 0.006), ("markdown", 0.006), ("plain", 0.012), ("json", 0.012)]
)
def test_after_one_text_the_next_pack_hardly_moves_when_it_settles(
    tmp_path: Path, format_name: str, tolerated: float
) -> None:
    root = make_repository(tmp_path / "shop", {**FILES, **uneven_files(8)})
    with Inspector(cache_path=tmp_path / "blobs.db") as inspector:
        scan = ScanRequest(root, "gpt-4o")
        live = inspector.live(scan)
        live.settle(PackRequest(scan, 5_000, format_name))
        for budget in (5_300, 5_600):
            request = PackRequest(scan, budget, format_name)
            before = live.repack(request)
            after = live.settle(request).pack
            assert before.est_used <= budget
            # A sum beyond the budget is never shown, though a text may be made of one.
            assert abs(before.est_used - min(budget, after.est_used)) < tolerated * budget
            assert after.est_used > budget or np.abs(before.class_tokens - after.class_tokens).sum() < 0.04 * budget
        live.close()


def test_a_pack_of_everything_is_aimed_at_as_a_whole() -> None:
    landing = Landing()
    assert landing.aim("xml", 10_000, 200, 9_000) == 10_000
    landing.learn("xml", 9_000, 9_900)
    assert landing.aim("xml", 10_000, 200, 9_000) >= 9_000
    assert landing.aim("json", 10_000, 200, 90_000) <= 10_000


@pytest.mark.parametrize(("est_tokens", "actual_tokens"), [(100, 110), (100, 90), (100, 100), (1, 10**9), (10**9, 1)])
@pytest.mark.parametrize("budget", [300, 5_000, 100_000])
def test_aims_are_what_comes_to_the_budget(est_tokens: int, actual_tokens: int, budget: int) -> None:
    landing = Landing()
    landing.learn("xml", est_tokens, actual_tokens)
    aim = landing.aim("xml", budget, 250, 1_000_000)
    assert 250 <= aim <= 2 * budget
    if abs(actual_tokens - est_tokens) < 20:
        assert 0.98 * min(budget, budget * est_tokens / actual_tokens) <= aim
        assert aim * actual_tokens / est_tokens <= budget + 1
