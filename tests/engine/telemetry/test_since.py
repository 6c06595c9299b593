from __future__ import annotations

import datetime

import pytest

from engine.errors import UsageError
from engine.telemetry.since import read_moment

NOW = datetime.datetime(2026, 11, 20, 12, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("2026-11-20T12:00+02:00", "2026-11-20T12:00:00+02:00"),
        ("24h", "2026-11-19T12:30:00+00:00"),
        ("90 m", "2026-11-20T11:00:00+00:00"),
        ("7d", "2026-11-13T00:00:00+00:00"),
        ("1w", "2026-11-13T00:00:00+00:00"),
    ],
)
def test_moments(written: str, moment: str) -> None:
    assert read_moment(written, NOW).isoformat() == moment


@pytest.mark.parametrize("written", ["", "soon", "7", "7y", "2026-13-01", "999999w", "-1d"])
def test_what_is_no_moment_is_told(written: str) -> None:
    with pytest.raises(UsageError, match="no moment"):
        read_moment(written, NOW)
