"""The command line in this process, and the sample repository."""

from __future__ import annotations

from tests.cli.conftest import run, shop

__all__ = ["run", "shop"]
