"""From the words of a query to relevance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import Columns, Floats
from engine.model import ChunkClass
from engine.rank import (
    SIGNALS,
    Contributions,
    Edges,
    Ground,
    LexicalIndex,
    blend,
    parse_query,
    query_settings,
    scope_ids,
    term_ids,
)
from tests.engine.rank.repository import NO_LINKS, Piece, code, make

FILES: dict[str, list[Piece]] = {
    "src/session.py": [
        code("SessionStore", "class SessionStore:\n    secret = None\n"),
        code("rotate_key", "def rotate_key(store):\n    store.key = new()\n    return store\n"),
        code("open_session", "def open_session(request):\n    return SessionStore(request)\n"),
    ],
    "src/render.py": [
        code("render", "def render(template):\n    return template.fill()\n"),
        code("escape", "def escape(text):\n    return text.replace('<', '')\n"),
    ],
    "src/other.py": [code(f"helper{n}", f"def helper{n}(thing):\n    return thing + {n}\n") for n in range(20)],
    "docs/session.md": [("Sessions", "Sessions rotate their secret key. Session stores.\n", ChunkClass.DOCS)],
}
ROWS = {piece[0]: row for row, piece in enumerate(piece for pieces in FILES.values() for piece in pieces)}


@pytest.fixture(scope="module")
def repository() -> tuple[Columns, LexicalIndex]:
    return make(FILES)


def ask(repository: tuple[Columns, LexicalIndex], text: str, links: Edges = NO_LINKS) -> Contributions:
    columns, words = repository
    query = parse_query(text)
    hits = words.hits(term_ids(query), query_settings(), scope_ids(query))
    return blend(Ground(columns, links, np.ones(columns.chunks)), query, hits)


def best(value: Floats) -> str:
    return list(ROWS)[int(value.argmax())]


@pytest.mark.parametrize(
    ("query", "symbol"),
    [
        ("rotating keys", "rotate_key"),
        ("rotateKey is broken", "rotate_key"),
        ("call `open_session()` twice", "open_session"),
        ("session store", "SessionStore"),
        ("Escape the text", "escape"),
        ("where are sessions documented in the docs, the secret key", "Sessions"),
    ],
)
def test_the_chunk_that_is_meant_comes_first(repository: tuple[Columns, LexicalIndex], query: str, symbol: str) -> None:
    assert best(ask(repository, query).total) == symbol


@pytest.mark.parametrize(
    "trace",
    [
        'Traceback (most recent call last):\n  File "/home/me/app/src/render.py", line 4, in escape\nValueError: thing',
        "src/render.py:4: error: thing",
        "at escape (render.py:4)",
        r"C:\work\src\render.py:4",
    ],
)
def test_a_trace_lifts_its_file_and_line(repository: tuple[Columns, LexicalIndex], trace: str) -> None:
    value = ask(repository, trace).total
    assert best(value) == "escape"
    assert value[ROWS["render"]] > value[ROWS["open_session"]]


def test_signals_add_up_to_the_relevance(repository: tuple[Columns, LexicalIndex]) -> None:
    parts = ask(repository, "rotate the session key in src/session.py")
    assert np.allclose(sum(getattr(parts, name) for name in SIGNALS), parts.total)
    assert all((getattr(parts, name) >= -1e-12).all() for name in SIGNALS)
    assert parts.symbol[ROWS["rotate_key"]] > 0
    assert parts.path[ROWS["open_session"]] > 0


def test_score_flows_along_references(repository: tuple[Columns, LexicalIndex]) -> None:
    links = Edges(
        np.array([ROWS["rotate_key"]], np.int32), np.array([ROWS["helper7"]], np.int32), np.ones(1, np.float64)
    )
    parts = ask(repository, "rotate key", links)
    assert parts.graph[ROWS["helper7"]] > 0
    assert parts.total[ROWS["helper7"]] > parts.total[ROWS["helper8"]]


@pytest.mark.parametrize("query", ["", "   \n", "the of and", "zzyzx", "!!! ???"])
def test_a_query_that_finds_nothing_leaves_the_values_without_one(
    repository: tuple[Columns, LexicalIndex], query: str
) -> None:
    parts = ask(repository, query)
    assert np.array_equal(parts.total, np.ones(repository[0].chunks))


def test_more_of_the_rare_word_is_never_worse_for_its_chunk(repository: tuple[Columns, LexicalIndex]) -> None:
    weak, strong = ask(repository, "template thing"), ask(repository, "template template render thing")
    row, other = ROWS["render"], ROWS["helper3"]
    assert strong.total[row] / strong.total[other] >= weak.total[row] / weak.total[other]


def test_a_scope_is_lifted_by_what_is_inside() -> None:
    columns, words = make(FILES)
    columns.parent[ROWS["rotate_key"]] = ROWS["SessionStore"]
    lifted = ask((columns, words), "rotate").total
    columns.parent[:] = -1
    assert lifted[ROWS["SessionStore"]] > ask((columns, words), "rotate").total[ROWS["SessionStore"]]


def test_names_count_more_than_words_and_tasks_less() -> None:
    weights = parse_query("fix parse_args for subcommands").weights
    assert weights["parseargs"] > weights[next(term for term in weights if term.startswith("subcommand"))]
    assert weights["fix"] < min(weight for term, weight in weights.items() if term != "fix")


def test_trailers_addresses_and_numbers_of_issues_are_not_asked_for() -> None:
    query = parse_query("Handle tabs (#4123)\n\nSee https://example.invalid/x/y.py\nSigned-off-by: A Person <a@b.cc>")
    assert not {"person", "example", "4123", "signed"} & query.weights.keys()
    assert query.places == ()


def test_what_is_asked_for_by_class() -> None:
    assert ChunkClass.TESTS in parse_query("add unit tests for login").asks
    assert ChunkClass.TESTS not in parse_query("make login quicker").asks


def test_later_lines_do_not_ask_for_a_class() -> None:
    query = parse_query("Rotate keys sooner\n\nAdds a test and updates the docs.")
    assert not query.asks
    assert "rotat" in query.weights


@pytest.mark.parametrize(
    ("headline", "scope"),
    [
        ("fix(router): match twice", {"rout"}),
        ("feat(router, codec)!: match twice", {"rout", "codec"}),
        ("ignore/types: know more", {"ignor", "typ"}),
        ("[codec] read less", set()),
        ("fix: match twice", set()),
        ("Docs: match twice", set()),
        ("more words than any name of a part would have: match twice", set()),
        ("https://example.invalid/a", set()),
        ("", set()),
    ],
)
def test_the_scope_of_a_headline(headline: str, scope: set[str]) -> None:
    assert set(parse_query(headline).scope) == scope


def test_a_scope_lifts_the_files_that_it_names(repository: tuple[Columns, LexicalIndex]) -> None:
    _, words = repository
    query = parse_query("fix(session): thing")
    hits = words.hits(term_ids(query), query_settings(), scope_ids(query))
    assert hits.scope.tolist() == [1.0, 0.0, 0.0, 1.0]
    with_scope, without = (ask(repository, text) for text in ("fix(session): thing", "fix: session thing"))
    row, other = ROWS["open_session"], ROWS["helper3"]
    assert with_scope.path[row] / with_scope.total[other] > without.path[row] / without.total[other]


def test_kinds_of_chunks_count_as_the_settings_say(repository: tuple[Columns, LexicalIndex]) -> None:
    columns, words = repository
    query, rules = parse_query("session"), query_settings()
    kinds = np.zeros(columns.chunks, np.uint8)
    kinds[ROWS["open_session"]] = 1
    ground = Ground(columns, NO_LINKS, np.ones(columns.chunks), (("function", "const"), kinds))
    totals = []
    for factor in (0.5, 1.0, 2.0):
        given = replace(rules, kinds={"const": factor})
        parts = blend(ground, query, words.hits(term_ids(query), given), given)
        assert np.allclose(sum(getattr(parts, name) for name in SIGNALS), parts.total)
        totals.append(parts.total[ROWS["open_session"]] / parts.total[ROWS["SessionStore"]])
    assert totals[0] < totals[1] < totals[2]


def test_rare_words_count_more_than_their_rarity_where_settings_say_so(
    repository: tuple[Columns, LexicalIndex],
) -> None:
    _, words = repository
    query, rules = parse_query("thing secret"), query_settings()
    shares = []
    for rarity in (1.0, 2.0):
        hits = words.hits(term_ids(query), replace(rules, rarity=rarity))
        shares.append(hits.body[ROWS["SessionStore"]] / hits.body[ROWS["helper3"]])
    assert shares[1] > shares[0]


@given(st.text(max_size=400))
def test_any_text_is_a_query(text: str) -> None:
    columns, words = make({"a.py": [code("a", "def a(): pass\n")]})
    assert np.isfinite(ask((columns, words), text).total).all()


@pytest.mark.parametrize("unit", ["a/", "a.b:1 ", "x" * 99, 'File "', "`", "aA_9.", "\\", "é" * 50, "w.w/"])
def test_long_queries_are_bounded(repository: tuple[Columns, LexicalIndex], unit: str) -> None:
    query = parse_query(unit * (500_000 // len(unit)))
    assert len(query.weights) <= query_settings().most_terms
    assert len(query.places) <= 200


def test_an_empty_repository_has_no_answers() -> None:
    columns, words = make({})
    assert len(ask((columns, words), "anything at a.py:1").total) == 0


def test_settings_can_be_given(repository: tuple[Columns, LexicalIndex]) -> None:
    columns, words = repository
    rules = replace(query_settings(), path=0.0)
    query = parse_query("session", rules)
    ground = Ground(columns, NO_LINKS, np.ones(columns.chunks))
    parts = blend(ground, query, words.hits(term_ids(query), rules), rules)
    assert not parts.path.any()
