"""A PostgreSQL server of its own for the tests that want one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.store.postgresql import NotHere, empty_database, started_server


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    """URL of a server without the name of a database."""
    try:
        with started_server() as url:
            yield url
    except NotHere as error:
        pytest.skip(str(error))


@pytest.fixture
def url(server: str) -> str:
    """URL of an empty database."""
    return empty_database(server, "shop")
