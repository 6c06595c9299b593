from __future__ import annotations

from engine.chunk.spans import Role
from engine.model import ChunkClass

from .build import Line, Piece, make

COMMENT = [
    "# ======",
    "# First part of the sentence,",
    "# and its end. More here",
    "# in the paragraph.",
    "#",
    "# Another paragraph of commentary that is long enough to be folded.",
    "# It goes on.",
]


def comment(lines: list[str]) -> list[Line]:
    return [(Role.DECORATION if "===" in line else Role.COMMENT, line) for line in lines]


def test_comments_shrink_to_a_paragraph_then_a_sentence_then_nothing() -> None:
    made = make(Piece(comment(COMMENT), ChunkClass.COMMENTS, "comment"))
    assert made.text(0, 1).splitlines() == COMMENT[1:]
    assert made.text(0, 2).splitlines() == [*COMMENT[1:4], "… 3 lines"]
    assert made.text(0, 3).splitlines() == COMMENT[1:3]
    assert made.ladders[0].outline == ""
    assert made.ladders[0].retention[4:] == (0.0, 0.0)


def test_a_full_stop_inside_a_name_ends_no_sentence() -> None:
    lines = ["// Reads engine.toml and", "// sets it up. Rest", "// goes on here for quite some time."]
    made = make(Piece(comment(lines), ChunkClass.COMMENTS, "comment"))
    assert made.text(0, 3).splitlines() == lines[:2]


CONFIG: list[Line] = [
    (Role.COMMENT, "# about"),
    (Role.KEY1, "[tool]"),
    (Role.KEY2, 'name = "x"'),
    (Role.KEY2, f'long = "{"word " * 40}"'),
    (Role.KEY2, "items = ["),
    (Role.VALUE, '  "one thing that is long",'),
    (Role.VALUE, '  "another thing",'),
    (Role.CLOSE, "]"),
    (Role.BLANK, ""),
    (Role.KEY3, "deep.er.still = 1"),
]


def test_config_keeps_keys_and_folds_long_values_and_arrays() -> None:
    made = make(Piece(CONFIG, ChunkClass.CONFIG, "table", "tool", defines=["tool"]))
    assert made.text(0, 1).splitlines() == [line for role, line in CONFIG if role not in (Role.COMMENT, Role.BLANK)]
    assert made.text(0, 2).splitlines() == [
        "[tool]",
        'name = "x"',
        "long = …",
        "items = [",
        "  … 3 lines",
        "deep.er.still = 1",
    ]
    assert made.text(0, 3).splitlines() == ["[tool]", 'name = "x"', "long = …", "items = ["]
    assert made.ladders[0].outline == "keys tool"


def test_a_quoted_key_with_a_colon_stays_whole() -> None:
    made = make(Piece([(Role.KEY1, '  "a:b": [' + "1, " * 60 + "2],")], ChunkClass.CONFIG, "table"))
    assert made.text(0, 2) == '  "a:b": …\n'


DOCS: list[Line] = [
    (Role.HEADING, "# Title"),
    (Role.DECORATION, "![badge](x)"),
    (Role.BLANK, ""),
    (Role.PARA_FIRST, "What it is."),
    (Role.PARA_LEAD, "And a little more."),
    (Role.BLANK, ""),
    (Role.PARA, "A long second paragraph that nobody needs to read at once."),
    (Role.PARA, "It has two lines."),
    (Role.BLANK, ""),
    (Role.FENCE, "```"),
    (Role.FENCE, "run it"),
    (Role.FENCE, "```"),
]


def test_docs_lose_badges_then_paragraphs_then_all_but_first_sentences() -> None:
    made = make(Piece(DOCS, ChunkClass.DOCS, "section", "Title"))
    assert made.text(0, 1).splitlines() == [line for role, line in DOCS if role != Role.DECORATION]
    assert made.text(0, 2).splitlines() == [
        "# Title", "", "What it is.", "And a little more.", "… 4 lines", "```", "run it", "```",
    ]  # fmt: skip
    assert made.text(0, 3).splitlines() == ["# Title", "What it is."]
    assert made.ladders[0].outline == "Title"
