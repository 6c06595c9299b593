"""Every fenced block of Python in the pages runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from tests.docs.pages import Example, examples
from tests.sample import make_repository

EXAMPLES = [example for page in ("README.md", "docs/library.md", "docs/extending.md") for example in examples(page)]


def test_the_pages_have_examples() -> None:
    pages = [example.page for example in EXAMPLES]
    assert pages.count("docs/library.md") >= 8
    assert "README.md" in pages
    assert sum(example.output is not None for example in EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.page}:{one.line}")
def test_an_example_runs_and_prints_what_the_page_says(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository(tmp_path / "shop")
    monkeypatch.chdir(root)
    printed = io.StringIO()
    code = compile("\n" * (example.line - 1) + example.code, example.page, "exec", dont_inherit=True)
    with contextlib.redirect_stdout(printed):
        exec(code, {"__name__": "__main__"})
    if example.output is not None:
        assert printed.getvalue() == example.output
