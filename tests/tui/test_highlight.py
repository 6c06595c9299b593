from __future__ import annotations

import pytest

from tests.tui.hostile import HOSTILE
from tests.tui.preview_demo import SOURCE
from tui.document import Document
from tui.highlight import BLOCK_LINES, LONGEST_LINE, NAMES, Highlighter, lexer_of
from tui.widgets.text_canvas import TextCanvas


def named(highlighter: Highlighter, lines: list[str], line: int) -> list[tuple[str, str]]:
    return [(lines[line][start:end].strip(), name) for start, end, name in highlighter.spans(line)]


def test_words_of_a_program_get_names() -> None:
    lines = SOURCE.splitlines()
    found = [pair for line in range(len(lines)) for pair in named(Highlighter(lines, [(0, "python")]), lines, line)]
    assert {("import", "keyword"), ("0.19", "number"), ("total", "function")} <= set(found)
    assert ("# what the state takes", "comment") in found


def test_each_stretch_has_its_own_language() -> None:
    lines = ["import x", "import x", "import x", "# Title"]
    highlighter = Highlighter(lines, [(1, "python"), (2, ""), (3, "markdown")])
    assert [bool(highlighter.spans(line)) for line in range(4)] == [False, True, False, True]
    assert named(highlighter, lines, 3) == [("# Title", "heading")]


def test_a_string_that_began_before_the_block_is_known() -> None:
    lines = ["x = 1"] * (BLOCK_LINES - 2) + ['y = """', "words", "words", "words", '"""', "import z"]
    highlighter = Highlighter(lines, [(0, "python")])
    assert named(highlighter, lines, BLOCK_LINES) == [("words", "string")]
    assert named(highlighter, lines, len(lines) - 1)[0] == ("import", "keyword")


def test_long_lines_are_left_alone_and_their_neighbours_are_not() -> None:
    lines = ["import a", "x = '" + "y" * LONGEST_LINE + "'", "import b"]
    highlighter = Highlighter(lines, [(0, "python")])
    assert [bool(highlighter.spans(line)) for line in range(3)] == [True, False, True]


@pytest.mark.parametrize("language", ["", "no-such-language", "text", "[b]", "rst", "c_sharp", "hcl", "sql"])
@pytest.mark.parametrize("text", HOSTILE)
def test_spans_are_in_order_within_their_line(language: str, text: str) -> None:
    lines = Document(text).lines
    highlighter = Highlighter(lines, [(0, language)])
    for line, shown in enumerate(lines):
        at = 0
        for start, end, name in highlighter.spans(line):
            assert at <= start < end <= len(shown)
            assert name in NAMES
            at = end


def test_most_languages_of_the_engine_are_known() -> None:
    names = ("python", "javascript", "typescript", "tsx", "go", "rust", "java", "c", "cpp", "c_sharp", "ruby", "php",
             "bash", "kotlin", "swift", "scala", "lua", "elixir", "sql", "make", "html", "css", "json", "yaml", "toml",
             "hcl", "markdown", "rst", "ini")  # fmt: skip
    assert [name for name in names if lexer_of(name) is None] == []


def test_every_name_has_a_style() -> None:
    assert {f"syntax--{name}" for name in NAMES} <= TextCanvas.COMPONENT_CLASSES
