"""Trees that are as wide as the file is long: cheap to parse, and ruinous to query."""

from __future__ import annotations

import pytest

from engine.chunk import chunk_source, decode


@pytest.mark.parametrize(
    ("language", "line"),
    [("ruby", b"[\n"), ("javascript", b"[\n"), ("typescript", b"(\n"), ("python", b"*\n"), ("cpp", b"*\n"),
     ("bash", b"=\n"), ("bash", b"module A\n"), ("swift", b"[\n"), ("yaml", b"--- a\n")],
)  # fmt: skip
def test_a_tree_too_wide_to_query_is_cut_as_lines(language: str, line: bytes) -> None:
    chunks = chunk_source(decode(line * 60_000), language, deadline_s=20.0)
    assert (chunks.method, chunks.note) == ("lines", "too wide")
    assert chunks.spans[-1].end == 60_000


@pytest.mark.parametrize(
    ("language", "line"), [("elixir", b"def a\n"), ("bash", b"module A\n"), ("ruby", b"ifdef A\n")]
)
def test_predicates_over_many_nodes_stay_within_the_deadline(language: str, line: bytes) -> None:
    chunks = chunk_source(decode(line * 10_000), language, deadline_s=2.0)
    assert chunks.method == "tree"


def test_headings_that_share_a_line_make_one_section() -> None:
    chunks = chunk_source(decode(b"#\r_\n=\r"), "markdown")
    assert [(span.start, span.end) for span in chunks.spans] == [(0, 2)]
