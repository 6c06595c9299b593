from __future__ import annotations

import time

import pytest

from tests.fuzz.minimise import failure, shortest
from tests.fuzz.targets import TARGETS

MOST_S = 1.0
"""CPU seconds for each target."""
LEAST, MOST = 20, 1_500
"""Cases of each target."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_part_of_the_long_run(name: str) -> None:
    target = TARGETS[name]
    started_s = time.process_time()
    for number in range(MOST):
        case = target.case(7, number)
        found, words = failure(target.check, case)
        assert not found, (found, words, shortest(target.check, case, 5.0))
        if number >= LEAST and time.process_time() - started_s > MOST_S:
            break


def test_cases_can_be_made_again() -> None:
    for target in TARGETS.values():
        assert target.case(1, 2) == target.case(1, 2)
        assert len({target.case(1, number) for number in range(30)}) > 10


def test_what_breaks_is_found_and_made_short() -> None:
    def check(case: bytes) -> None:
        if b"no" in case:
            raise ValueError("no")

    assert shortest(check, b"something that is not so" * 5) == b"no"
    assert failure(check, b"yes") == ("", "")
    assert failure(check, b"no")[0].startswith("ValueError at test_bounded.py")
