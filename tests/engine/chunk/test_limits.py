"""Hostile shapes cost a bounded time and never fail."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.chunk import Trait, chunk_source, decode
from engine.chunk.languages import table
from tests.engine.chunk.checks import check, cut

GRAMMARS = sorted(name for name, row in table().languages.items() if row.grammar)
DEPTH = 1500
NESTS = {
    "parentheses": "(" * DEPTH + "1" + ")" * DEPTH,
    "callbacks": 'describe("a", () => {' * DEPTH + "})" * DEPTH,
    "blocks": "def f do\n" * DEPTH + "end\n" * DEPTH,
    "classes": "class A { fn f() {" * DEPTH + "}}" * DEPTH,
    "chain": "a" + ".b()" * DEPTH,
    "objects": '{"a": [' * DEPTH + "1" + "]}" * DEPTH,
    "tags": "<div>" * DEPTH + "</div>" * DEPTH,
    "indents": "".join(" " * depth + "if x:\n" for depth in range(300)),
}


@pytest.mark.parametrize("language", GRAMMARS)
def test_nested_input_is_bounded(language: str) -> None:
    """208 inputs; the deadline for parsing is small, so what is left is our own time."""
    for text in NESTS.values():
        before = time.process_time()
        cut(text, language, deadline_s=0.05)
        assert time.process_time() - before < 1.5


@pytest.mark.parametrize("language", GRAMMARS)
def test_minified_text_is_one_block_that_says_so(language: str) -> None:
    chunks = cut("var a=1;function f(){return a};" * 2000, language)
    assert (chunks.method, chunks.note) == ("lines", "minified")
    assert Trait.MINIFIED in chunks.spans[0].traits


def test_large_text_is_not_parsed() -> None:
    chunks = cut("def f():\n    return 1\n\n\n" * 50_000, "python")
    assert (chunks.method, chunks.note) == ("lines", "over 1 MB")


@pytest.mark.parametrize("language", ["python", "json", "markdown", "rst"])
def test_endless_short_lines_are_not_parsed(language: str) -> None:
    before = time.process_time()
    chunks = cut("\n" * 900_000, language)
    assert (chunks.method, chunks.note) == ("lines", "over 150,000 lines")
    assert time.process_time() - before < 1.5


@pytest.mark.parametrize("text", ["- " * 1000 + "x\n", "".join(" " * depth + "a:\n" for depth in range(300))])
def test_yaml_deeper_than_its_scanner_survives_is_not_parsed(text: str) -> None:
    chunks = cut(text, "yaml")
    assert (chunks.method, chunks.note) == ("lines", "too deep")


def test_unknown_language_gives_blocks() -> None:
    chunks = cut("a\nb\n\nc\n" * 100, None)
    assert (chunks.language, chunks.method, chunks.note) == ("text", "lines", "no grammar")
    assert len(chunks.spans) > 3


def test_a_late_parse_leaves_the_parser_fit_for_the_next_file() -> None:
    big = decode(b"x = [" + b"(1, 2),\n" * 60_000 + b"]\n")
    late = chunk_source(big, "javascript", deadline_s=0.0)
    assert late.note == "deadline"
    check(big, late)
    chunks = cut("function f() {\n}\n", "javascript")
    assert [span.symbol for span in chunks.spans] == ["f"]


def test_a_scanner_with_a_table_of_256_letters_sees_no_others() -> None:
    """tree-sitter-bash 0.25 crashes the process at ``{`` before a letter far behind its table, most of the time."""
    code = "from tests.engine.chunk.checks import cut\nfor _ in range(200): cut('{\\U000e0041\\n', 'bash')"
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])
    found = cut("größe() {\n  echo '{\U000e0041'\n}\nfunction 設定 { :; }\n", "bash")
    assert [(span.kind, span.symbol) for span in found.spans] == [("function", "größe"), ("function", "設定")]


def test_levels_of_yaml_behind_a_directive_are_counted_too() -> None:
    """The grammar's scanner keeps 250 of them in a fixed buffer, and more crash the process."""
    assert cut("%YAML 1.2" + "- " * 300 + "\n", "yaml").note == "too deep"
    assert not cut("a: 1  # " + "-" * 200 + "\n", "yaml").note
