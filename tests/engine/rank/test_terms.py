"""What words stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rank.terms import LONGEST_WORD, parts_of, stem, term_id, terms_of, texts_of


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("getHTTPResponse", ["get", "http", "response"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("utf8Decoder2", ["utf", "8", "decoder", "2"]),
        ("__init__", ["init"]),
        ("größe", ["gr", "öß", "e"]),
    ],
)
def test_identifiers_are_cut_where_their_spelling_says_so(word: str, parts: list[str]) -> None:
    assert parts_of(word) == parts


@pytest.mark.parametrize(
    "family",
    [
        ("route", "routes", "routing", "routed", "router"),
        ("serialize", "serialized", "serialization", "serializing"),
        ("dependency", "dependencies"),
        ("connection", "connect", "connected"),
        ("parse", "parser", "parsing", "parses"),
        ("cache", "caching", "cached"),
    ],
)
def test_forms_of_a_word_are_one_term(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(("one", "other"), [("string", "strong"), ("class", "clause"), ("status", "state")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_spellings_of_one_name_share_the_whole_name() -> None:
    assert texts_of("url_map")[0] == texts_of("urlMap")[0] == texts_of("URL_MAP")[0]


def test_function_words_and_keywords_are_no_terms() -> None:
    assert [texts_of(word) for word in ("the", "return", "with", "self")] == [(), (), (), ()]


def test_the_quick_way_and_the_long_way_agree() -> None:
    for word in ("routing", "the", "querysets", "ab"):
        assert terms_of(word.encode()) == tuple(map(term_id, texts_of(word)))


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(word: bytes) -> None:
    found = terms_of(word)
    assert all(0 <= term < 1 << 32 for term in found)
    assert len(found) <= LONGEST_WORD + 1
