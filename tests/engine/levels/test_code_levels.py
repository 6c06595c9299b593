from __future__ import annotations

import pytest

from engine.chunk.spans import Role, Trait
from engine.model import ChunkClass

from .build import Line, Piece, make

LONG = "    value = compute_something(first_argument, second_argument)"
BODY: list[Line] = [
    (Role.SIGNATURE, "@cached"),
    (Role.SIGNATURE, "def get(self, key):"),
    (Role.DOC_FIRST, '    """Fetch a value.'),
    (Role.DOC, ""),
    (Role.DOC, '    More about it."""'),
    (Role.COMMENT, "    # why"),
    (Role.DIRECTIVE, "    # type: ignore"),
    (Role.CODE, LONG),
    (Role.BLANK, ""),
    (Role.CODE, LONG),
    (Role.STRING, ""),
    (Role.OUTCOME, "    return value"),
    (Role.BLANK, ""),
]


def test_code_loses_comments_and_blanks_then_body_then_all_but_its_signature() -> None:
    made = make(Piece(BODY, symbol="Cache.get"))
    assert made.text(0, 1) == (
        '@cached\ndef get(self, key):\n    """Fetch a value.\n\n    More about it."""\n    # type: ignore\n'
        f"{LONG}\n{LONG}\n\n    return value\n"
    )
    assert made.text(0, 2) == (
        '@cached\ndef get(self, key):\n    """Fetch a value.\n\n    More about it."""\n'
        "    … 5 lines\n    return value\n"
    )
    assert made.text(0, 3) == '@cached\ndef get(self, key):\n    """Fetch a value.\n'
    assert made.ladders[0].outline == "def Cache.get"


def test_a_fold_that_would_not_save_keeps_the_lines() -> None:
    made = make(
        Piece([(Role.SIGNATURE, "f() {"), (Role.CODE, "  x = 1"), (Role.OUTCOME, "  return x"), (Role.CLOSE, "}")])
    )
    assert made.text(0, 2) == made.text(0, 0)
    assert made.ladders[0].edits[1] == []
    assert made.text(0, 3) == "f() {\n"


def test_a_fold_of_one_line_says_line() -> None:
    made = make(Piece([(Role.SIGNATURE, "def f():"), (Role.CODE, LONG * 2), (Role.OUTCOME, "    return 1")]))
    assert made.text(0, 2) == "def f():\n    … 1 line\n    return 1\n"


def test_the_marker_counts_statements_not_the_comments_around_them() -> None:
    lines = [
        (Role.SIGNATURE, "def f():"),
        (Role.COMMENT, "  # c"),
        (Role.CODE, LONG),
        (Role.CODE, LONG),
        (Role.BLANK, ""),
    ]
    assert make(Piece(lines)).text(0, 2) == "def f():\n    … 2 lines\n"


def test_a_marker_is_indented_like_the_first_text_it_hides() -> None:
    doc = [
        (Role.DOC_FIRST, '    """Adds.'),
        (Role.DOC, ""),
        (Role.DOC, "    More about it, at length."),
        (Role.DOC, '    """'),
    ]
    made = make(Piece([(Role.SIGNATURE, "def test_adds():"), *doc], ChunkClass.TESTS))
    assert made.text(0, 2) == 'def test_adds():\n    """Adds.\n    … 3 lines\n'


def test_tests_keep_names_and_assertions() -> None:
    lines = [
        (Role.SIGNATURE, "def test_adds():"),
        (Role.CODE, LONG),
        (Role.CALL, LONG),
        (Role.ASSERT, "    assert value == 3"),
        (Role.OUTCOME, "    return something_or_other_that_is_long"),
    ]
    piece = Piece(lines, ChunkClass.TESTS, "function", "test_adds", traits=Trait.TEST)
    made = make(piece)
    assert made.text(0, 2) == "def test_adds():\n    … 2 lines\n    assert value == 3\n    … 1 line\n"
    assert made.text(0, 3) == "def test_adds():\n"
    assert made.ladders[0].outline == "test test_adds"


def test_fixtures_keep_what_they_set_up() -> None:
    lines = [(Role.SIGNATURE, "def setUp(self):"), (Role.CODE, LONG), (Role.CALL, LONG)]
    piece = Piece(lines, ChunkClass.TESTS, "method", "setUp", traits=Trait.FIXTURE)
    made = make(piece)
    assert made.text(0, 2) == made.text(0, 0)
    assert made.text(0, 3) == "def setUp(self):\n"
    assert made.ladders[0].outline == "fixture setUp"


def test_examples_keep_imports_calls_and_output() -> None:
    lines = [
        (Role.IMPORT, "import shop"),
        (Role.CODE, "total = 0 + 0 + 0 + 0 + 0 + 0 + 0 + 0 + 0"),
        (Role.CALL, "shop.buy(1)"),
        (Role.OUTPUT, "# prints 1"),
    ]
    made = make(Piece(lines, ChunkClass.EXAMPLES, "fence"))
    assert made.text(0, 2) == "import shop\n… 1 line\nshop.buy(1)\n# prints 1\n"
    assert made.text(0, 3) == "import shop\n"


@pytest.mark.parametrize("chunk_class", [ChunkClass.CODE, ChunkClass.TESTS, ChunkClass.EXAMPLES, ChunkClass.CONFIG])
def test_strings_over_lines_are_never_trimmed(chunk_class: ChunkClass) -> None:
    lines = [(Role.SIGNATURE, "x = '''a"), (Role.STRING, ""), (Role.STRING, "# no comment"), (Role.STRING, "'''")]
    made = make(Piece(lines, chunk_class, "const"))
    assert made.text(0, 1) == made.text(0, 0)


def test_a_chunk_without_a_telling_line_keeps_its_head() -> None:
    made = make(Piece([(Role.CODE, f"statement number {n} of the script") for n in range(9)], kind="block"))
    assert made.text(0, 2).splitlines() == [*(f"statement number {n} of the script" for n in range(3)), "… 6 lines"]
    assert made.text(0, 3) == "statement number 0 of the script\n"


def test_a_last_line_without_newline_gets_one() -> None:
    made = make(Piece([(Role.SIGNATURE, "def f():"), (Role.OUTCOME, "    return 1")]), last_newline=False)
    assert [made.text(0, level) for level in range(4)] == ["def f():\n    return 1\n"] * 3 + ["def f():\n"]
