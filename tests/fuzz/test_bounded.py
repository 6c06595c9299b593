from __future__ import annotations

import pytest

from tests.fuzz.minimise import failure, shortest
from tests.fuzz.targets import TARGETS

MOST = 1_000
"""Cases of a target; a fixed number, so that every machine tries the same ones."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_part_of_the_long_run(name: str) -> None:
    target = TARGETS[name]
    for number in range(min(MOST, 6 * target.weight)):
        case = target.case(7, number)
        found, words = failure(target.check, case)
        assert not found, (found, words, shortest(target.check, case, 5.0))


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
