from __future__ import annotations

import pytest

from tests.fuzz.corpus import corpus
from tests.fuzz.minimise import failure
from tests.fuzz.targets import TARGETS

CASES = list(corpus())


@pytest.mark.parametrize(("name", "why", "case"), CASES, ids=[f"{name}-{at}" for at, (name, _, _) in enumerate(CASES)])
def test_what_once_broke_holds(name: str, why: str, case: bytes) -> None:
    assert failure(TARGETS[name].check, case) == ("", ""), why
