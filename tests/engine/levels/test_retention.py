from __future__ import annotations

from itertools import pairwise

from engine.chunk.spans import Role
from engine.model import ChunkClass

from .build import Line, Piece, make

SIGNATURE: Line = (Role.SIGNATURE, "def fetch_rows(table, limit):")
CODE: Line = (Role.CODE, "    rows = query(table).limit(limit).fetch_all_of_them()")


def retention(*lines: Line, chunk_class: ChunkClass = ChunkClass.CODE, symbol: str = "fetch_rows") -> tuple[float, ...]:
    return make(Piece(lines, chunk_class, symbol=symbol)).ladders[0].retention


def test_blank_lines_hold_nothing_and_comments_a_little() -> None:
    assert retention(SIGNATURE, CODE, (Role.BLANK, ""), CODE)[1] == 1.0
    assert 0.9 < retention(SIGNATURE, CODE, (Role.COMMENT, "    # a remark"), CODE)[1] < 1.0


def test_the_same_shape_with_more_body_keeps_a_smaller_share() -> None:
    shares = [retention(SIGNATURE, *[CODE] * n)[3] for n in (2, 4, 8, 16)]
    assert all(more > less for more, less in pairwise(shares))


def test_a_name_keeps_more_than_a_statement_of_as_many_words() -> None:
    with_doc = retention(SIGNATURE, (Role.DOC_FIRST, '    """Says what it is for."""'), CODE)
    with_code = retention(SIGNATURE, (Role.CODE, "    says(what, it) is is_for"), CODE)
    assert with_doc[3] > with_code[3]


def test_an_untouched_chunk_keeps_all_until_only_its_name_is_left() -> None:
    shares = retention(SIGNATURE)
    assert shares[:4] == (1.0, 1.0, 1.0, 1.0)
    assert 1.0 > shares[4] > shares[5] > 0.0


def test_a_listed_name_keeps_more_than_one_that_is_not() -> None:
    pieces = [Piece([SIGNATURE, *[CODE] * 3], symbol=f"fetch{n}") for n in range(9)]
    last = [ladder.retention[5] for ladder in make(*pieces).ladders]
    assert len(set(last)) == 2
    assert last[0] > last[-1]


def test_cut_values_cost_retention() -> None:
    long = (Role.KEY1, "key = " + "value " * 50)
    assert retention(long, (Role.KEY1, "other = 1"), chunk_class=ChunkClass.CONFIG)[2] < 0.5


def test_layout_alone_is_kept_without_its_lines() -> None:
    ladder = make(Piece([(Role.BLANK, ""), (Role.CLOSE, "}")])).ladders[0]
    assert ladder.retention == (1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
