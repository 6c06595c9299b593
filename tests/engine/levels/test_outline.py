from __future__ import annotations

import pytest

from engine.chunk.spans import Role
from engine.model import ChunkClass

from .build import Piece, make

LINE = [(Role.SIGNATURE, "x y z")]


@pytest.mark.parametrize(
    ("language", "kind", "symbol", "expected"),
    [
        ("python", "function", "get", "def get"),
        ("go", "method", "get", "func get"),
        ("rust", "function", "get", "fn get"),
        ("java", "class", "Query", "class Query"),
        ("python", "const", "MAX", "const MAX"),
        ("markdown", "section", "Getting started", "Getting started"),
        ("python", "statement", "", ""),
        ("python", "comment", "", ""),
    ],
)
def test_fragments_name_kind_and_name(language: str, kind: str, symbol: str, expected: str) -> None:
    assert make(Piece(LINE, kind=kind, symbol=symbol), language=language).ladders[0].outline == expected


def test_a_member_is_named_without_its_scope() -> None:
    made = make(Piece(LINE, kind="class", symbol="Query"), Piece(LINE, kind="method", symbol="Query.get", parent=0))
    assert [ladder.outline for ladder in made.ladders] == ["class Query", "def get"]


def test_imports_are_counted() -> None:
    made = make(Piece([(Role.IMPORT, "import a"), (Role.IMPORT, "import b"), (Role.BLANK, "")], kind="import"))
    assert made.ladders[0].outline == "imports 2"


def test_many_keys_are_cut_short() -> None:
    made = make(Piece(LINE, ChunkClass.CONFIG, "table", "a", defines=[f"k{n}" for n in range(40)]))
    assert made.ladders[0].outline == "keys " + ", ".join(f"k{n}" for n in range(12)) + ", …"


def test_names_of_a_file_are_its_public_scopes_first() -> None:
    body = [(Role.CODE, "x = 1")] * 30
    pieces = [
        Piece(LINE, kind="import"),
        Piece(LINE, kind="const", symbol="LIMIT"),
        Piece(LINE + body, kind="function", symbol="_private"),
        Piece(LINE, kind="class", symbol="Query"),
        Piece(LINE + body, kind="method", symbol="Query.filter", parent=3),
        Piece(LINE + body, kind="function", symbol="load"),
        *[Piece(LINE, kind="method", symbol=f"Query.m{n}", parent=3) for n in range(9)],
    ]
    made = make(*pieces)
    names = made.names
    assert names[:4] == ["Query", "load", "LIMIT", "filter"]
    assert "_private" not in names
    assert len(names) == 6


def test_a_piece_that_repeats_its_scope_has_no_fragment() -> None:
    made = make(
        Piece(LINE, kind="section", symbol="Install"),
        Piece(LINE, kind="fence", symbol="Install", parent=0),
        Piece(LINE, kind="section", symbol="Installers", parent=0),
    )
    assert [ladder.outline for ladder in made.ladders] == ["Install", "", "Installers"]


def test_constants_of_one_group_are_all_named() -> None:
    made = make(Piece(LINE, kind="const", symbol="A", defines=["A", "B"]))
    assert made.ladders[0].outline == "const A, B"
