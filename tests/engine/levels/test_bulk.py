from __future__ import annotations

import json

import pytest

from engine.chunk.spans import Role
from engine.model import ChunkClass

from .build import Made, Piece, make


def bulk(text: str, chunk_class: ChunkClass = ChunkClass.DATA, language: str = "text") -> Made:
    return make(Piece([(Role.CODE, line) for line in text.splitlines()], chunk_class, "block"), language=language)


TABLE = "id,name,price\n" + "".join(f"{n},thing {n},{n * 2}\n" for n in range(200))


@pytest.mark.parametrize(
    "chunk_class", [ChunkClass.DATA, ChunkClass.GENERATED, ChunkClass.VENDORED, ChunkClass.LOCKFILE]
)
def test_bulk_is_whole_then_head_and_tail_then_shape_then_size(chunk_class: ChunkClass) -> None:
    made = bulk(TABLE, chunk_class)
    lines = TABLE.splitlines()
    assert made.text(0, 1) == TABLE
    assert made.text(0, 2).splitlines() == [*lines[:8], "… 189 lines", *lines[-4:]]
    assert made.text(0, 3) == "… CSV, 3 columns (id, name, price), 200 rows; 201 lines, 3 KB\n"
    assert made.ladders[0].outline == "201 lines, 3 KB"


def test_tabs_make_a_table_too() -> None:
    assert bulk(TABLE.replace(",", "\t")).text(0, 3).startswith("… TSV, 3 columns")


def test_source_with_as_many_semicolons_on_every_line_is_no_table() -> None:
    shape = bulk("var first;\n" * 60, ChunkClass.GENERATED, "javascript").text(0, 3)
    assert shape == "… 60 lines, 660 B: var first;\n"


def test_laid_out_json_says_its_keys_without_being_loaded() -> None:
    content = json.dumps({f"key{n}": {"deep": [n] * 5, "text": "word " * 9} for n in range(30)}, indent=2)
    shape = bulk(content).text(0, 3)
    assert shape.startswith("… JSON object, 30+ keys (key0, key1, key2,")
    assert "deep" not in shape
    assert bulk(json.dumps([{"a": n} for n in range(57)], indent=4)).text(0, 3).startswith("… JSON array, 57+ items;")


def test_json_on_one_line_says_its_keys() -> None:
    shape = bulk(json.dumps({"alpha": {"inner": 1}, "beta": ["x" * 3000], "gamma": 1})).text(0, 3)
    assert shape.startswith("… JSON object (alpha, beta")
    assert "inner" not in shape


def test_other_text_says_its_size_and_first_words() -> None:
    made = bulk("\n".join(f"row {n} of something that is not a table" for n in range(50)))
    assert made.text(0, 3).startswith("… 50 lines, 2 KB: row 0 of something")


def test_long_lines_are_cut_between_characters() -> None:
    made = bulk("é" * 5000)
    line = made.text(0, 2).rstrip("\n")
    assert line.endswith("…")
    assert set(line[:-1]) == {"é"}
    assert len(line.encode()) < 200
    assert made.ladders[0].retention[2] <= 1


def test_control_characters_of_data_do_not_reach_the_shape() -> None:
    made = bulk("\x1b[31mred\x07 " * 400)
    assert "\x1b" not in made.text(0, 3)
    assert "\x07" not in made.text(0, 3)


def test_small_data_has_nothing_to_lose() -> None:
    made = bulk("a b\n")
    assert [made.text(0, level) for level in range(4)] == ["a b\n"] * 4
