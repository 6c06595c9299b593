"""One handwritten sample per language, and the spans it is cut into."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.chunk.languages import table
from tests.engine.chunk.checks import cut, outline

SAMPLES = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_spans_of_the_sample(path: Path) -> None:
    """A line of a ``.spans`` file is kind, symbol, index of the parent, first and last line."""
    chunks = cut(path.read_bytes(), path.stem)
    assert chunks.method == ("lines" if path.stem in ("rst", "ini", "text") else "tree")
    found = ["\t".join(map(str, row)) for row in outline(chunks)]
    assert found == path.with_suffix(".spans").read_text("utf-8").splitlines()


def test_every_grammar_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} >= {name for name, row in table().languages.items() if row.grammar}
