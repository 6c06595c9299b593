from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.check import command
from engine.gate import KINDS, Kind

PAGE = (Path(__file__).parents[3] / "docs" / "check.md").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_of_limit_has_an_option_and_a_line_in_the_documentation(kind: Kind) -> None:
    assert kind.flag in {name for option in command.params for name in option.opts}
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind.key}`, `{kind.flag} ")]
    assert line.endswith(" needed |") == kind.base
    assert (kind.bare and "[GLOB=]" in line) or not kind.bare
