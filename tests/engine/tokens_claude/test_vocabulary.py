from __future__ import annotations

import json
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.tokens.claude import build_data, vocabulary
from engine.tokens.claude.memo import Memo
from engine.tokens.claude.vocabulary import Vocabulary

_RUNS = Vocabulary(frozenset({"x", "a", "aaa", "aaaaa", "ab", "ba"}), frozenset())


@given(size=st.integers(1, 400))
def test_a_run_costs_the_same_alone_and_behind_another_character(size: int) -> None:
    assert _RUNS.tile("x" + "a" * size) == 1 + _RUNS.tile("a" * size)


@given(segment=st.text("abx", min_size=1, max_size=60))
def test_blocks_do_not_matter(segment: str) -> None:
    whole = _RUNS.tile(segment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_BLOCK", 3)
        assert _RUNS.tile(segment) == whole


def test_an_unknown_character_costs_its_bytes() -> None:
    with_prefix = Vocabulary(frozenset({"a"}), frozenset({"😀".encode()[:3]}))
    assert with_prefix.tile("😀") == 2
    assert with_prefix.tile("a😀é") == 1 + 2 + 2


def test_a_memo_forgets_rather_than_grows() -> None:
    asked: list[str] = []

    def cost(key: str) -> int:
        asked.append(key)
        return len(key)

    memo = Memo(cost, limit=3, longest_key=4)
    assert [memo[key] for key in ("a", "bb", "a", "ccccc", "ccccc")] == [1, 2, 1, 5, 5]
    assert asked == ["a", "bb", "ccccc", "ccccc"]
    for number in range(10):
        assert memo[str(number)] == 1
        assert len(memo) <= 3


def test_data_is_small_and_carries_its_notice() -> None:
    folder = files("engine.tokens.claude").joinpath("data")
    notice = folder.joinpath("NOTICE.txt").read_text("utf-8")
    assert "MIT License" in notice
    assert "Sander Land" in notice
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir() if entry.is_file()) < 300_000


@pytest.mark.parametrize("name", ["claude-3.pieces", "claude-4.7.pieces"])
def test_no_shipped_piece_reaches_over_a_boundary(name: str) -> None:
    build_data.check(vocabulary.load(name).pieces)


@pytest.mark.parametrize("piece", ["a b", "\n ", "1a", ".a", "a\x02b", "a1", "1."])
def test_a_piece_over_a_boundary_is_refused(piece: str) -> None:
    with pytest.raises(InputError):
        build_data.check([piece])


def test_data_is_built_from_a_wheel(tmp_path: Path) -> None:
    document: dict[str, object] = {
        "tokens": {
            "word_pieces": {"⟨shift⟩⟨bow⟩the⟨eow⟩": {}, "⟨0xC3⟩⟨0xA9⟩": {}},
            "contractions": {"'s": {}},
            "bytes_fallback": {"f09f98": {}},
        }
    }
    wheel = tmp_path / "w.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("pieces_v3", "pieces_v4_7"):
            archive.writestr(f"ctok/data/{name}.json", json.dumps(document))
    build_data.build(wheel, tmp_path)
    assert {path.name for path in tmp_path.glob("*.pieces")} == {"claude-3.pieces", "claude-4.7.pieces"}
    assert build_data.plain("⟨shift⟩⟨bow⟩the⟨eow⟩") == "\x03\x01the\x02"
    assert build_data.plain("⟨0xC3⟩⟨0xA9⟩") == "é"
