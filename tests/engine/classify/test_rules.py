"""Rules as data: what ships, what a configuration adds, and what it may get wrong."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

import pytest

from engine.chunk.spans import FileChunks, Role, Span, Trait
from engine.classify import RULES_VERSION, FileClass, default_rules, file_class, load_rules, reason
from engine.errors import InputError
from engine.model import ChunkClass

Table = Mapping[str, object]


def chunks(*spans: Span, language: str = "python", note: str = "", defines: tuple[str, ...] = ()) -> FileChunks:
    """A file of the given chunks whose lines are all code."""
    end = max((span.end for span in spans), default=0)
    names = [list(defines), *([] for _ in spans[1:])] if spans else []
    return FileChunks(language, "tree", note, list(spans), bytes([Role.CODE]) * end, names)


def test_every_rule_has_an_id_of_its_own_and_a_reason() -> None:
    rules = default_rules().rules
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(len(rule.reason.split()) > 1 and reason(rule.id) == rule.reason for rule in rules)


def test_an_unknown_rule_is_its_own_reason() -> None:
    assert reason("rule-of-an-older-version") == "rule-of-an-older-version"


def test_a_rule_of_the_user_comes_first() -> None:
    rules = load_rules([{"dirs": ["legacy"], "class": "vendored", "reason": "bought code", "id": "legacy"}])
    found = rules.file_class("tests/legacy/test_a.py", "python")
    assert found == FileClass(ChunkClass.VENDORED, "legacy", True)
    assert rules.reason("legacy") == "bought code"
    assert rules.file_class("tests/test_a.py", "python") == file_class("tests/test_a.py", "python")


@pytest.mark.parametrize(
    ("table", "inside", "outside"),
    [
        ({"paths": ["spec/**/*.txt"]}, "spec/a/b/c.txt", "other/spec/c.txt"),
        ({"paths": ["**/schema/*"]}, "a/schema/x", "a/schema/b/x"),
        ({"paths": "gen/**"}, "gen/a/b", "a/gen/b"),
        ({"dirs": ["a/b"]}, "x/a/b/c", "x/a/c/b"),
        ({"dirs": ["/top"]}, "top/c", "x/top/c"),
        ({"dirs": ["gen-*"]}, "x/gen-1/c", "x/gen/c"),
        ({"names": ["v[0-9].py"]}, "a/v1.py", "a/vx.py"),
        ({"names": ["[!a]?.py"]}, "a/bc.py", "a/ac.py"),
        ({"suffixes": [".d.ts"]}, "a/x.d.ts", "a/x.ts"),
        ({"suffixes": ["none"], "dirs": ["run"]}, "run/x", "run/x.sh"),
        ({"languages": ["unknown"], "dirs": ["run"]}, "run/x", "x"),
        ({"dirs": ["a"], "unless_dirs": ["a/keep"]}, "a/x", "a/keep/x"),
        ({"dirs": ["a"], "names": ["x"]}, "a/x", "a/y"),
    ],
)
def test_conditions_on_the_path(table: Table, inside: str, outside: str) -> None:
    rules = load_rules([{**table, "class": "lockfile"}])
    assert rules.file_class(inside).rule_id == "user-1"
    assert rules.file_class(outside).rule_id != "user-1"


def test_a_user_may_have_data_parsed() -> None:
    rules = load_rules([{"suffixes": [".ipynb"], "class": "data", "whole": False}])
    assert not rules.file_class("a.ipynb").whole


def test_a_rule_may_look_at_the_beginning_of_the_file() -> None:
    rules = load_rules([{"head": "@acme-export", "class": "generated"}])
    file = rules.file_class("src/a.py", "python")
    one = chunks(Span("block", "", -1, 0, 3))
    assert rules.classify_spans(file, one, b"# @ACME-export 1.0\n")[0].chunk_class is ChunkClass.GENERATED
    assert rules.classify_spans(file, one, b"# by hand\n")[0].chunk_class is ChunkClass.CODE


def test_a_rule_may_look_at_chunks() -> None:
    rules = load_rules([{"kinds": ["const"], "min_lines": 5, "in_classes": ["code"], "class": "data"}])
    file = rules.file_class("src/a.py", "python")
    found = rules.classify_spans(file, chunks(Span("const", "A", -1, 0, 5), Span("const", "B", -1, 5, 7)))
    assert [one.chunk_class for one in found] == [ChunkClass.DATA, ChunkClass.CODE]


def test_what_is_inside_a_test_is_a_test() -> None:
    found = default_rules().classify_spans(
        file_class("src/a.rs", "rust"),
        chunks(Span("module", "tests", -1, 0, 2, Trait.TEST), Span("function", "helper", 0, 2, 4), language="rust"),
    )
    assert [one.chunk_class for one in found] == [ChunkClass.TESTS, ChunkClass.TESTS]


@pytest.mark.parametrize(
    ("path", "trait", "kind", "expected"),
    [
        ("src/a.py", Trait.DOCTEST, "docstring", "examples"),
        ("src/a.py", Trait.DOC, "docstring", "comments"),
        ("src/a.py", Trait.LICENCE, "licence", "comments"),
        ("src/a.py", Trait.EXAMPLE, "function", "examples"),
        ("src/a.py", Trait.FIXTURE, "function", "tests"),
        ("src/a.py", Trait.DEMO, "demo", "examples"),
        ("tests/a.py", Trait.DEMO, "demo", "tests"),
        ("docs/a.md", Trait.EXAMPLE, "fence", "docs"),
        ("docs/a.md", Trait.GENERATED, "section", "docs"),
        ("a.toml", Trait.LICENCE, "licence", "comments"),
        ("a.toml", Trait.NONE, "comment", "config"),
        ("data.csv", Trait.LICENCE, "licence", "data"),
        ("src/a.py", Trait.MINIFIED, "block", "generated"),
        ("vendor/a.js", Trait.MINIFIED, "block", "vendored"),
        ("a.json", Trait.MINIFIED, "block", "data"),
    ],
)
def test_what_the_chunker_says_decides(path: str, trait: Trait, kind: str, expected: str) -> None:
    language = "json" if path.endswith(".json") else "python"
    found = default_rules().classify_spans(
        file_class(path, language), chunks(Span(kind, "", -1, 0, 1, trait), language=language)
    )
    assert found[0].chunk_class == expected


def test_a_file_without_chunks_has_no_verdicts() -> None:
    assert default_rules().classify_spans(file_class("src/a.py"), chunks()) == []


def test_a_parent_that_comes_later_is_not_believed() -> None:
    odd = chunks(Span("function", "a", 5, 0, 1), Span("class", "b", 1, 1, 2))
    assert len(default_rules().classify_spans(file_class("src/a.py"), odd)) == 2


def test_rules_change_the_version() -> None:
    one = load_rules([{"dirs": ["a"], "class": "data"}])
    other = load_rules([{"dirs": ["b"], "class": "data"}])
    assert load_rules().version == RULES_VERSION
    assert len({RULES_VERSION, one.version, other.version}) == 3
    assert one.version == load_rules([{"dirs": ["a"], "class": "data"}]).version


def test_a_file_class_travels_to_workers() -> None:
    found = file_class("src/a.py", "python")
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ({"dir": ["a"], "class": "data"}, ("unknown key 'dir'", "dirs")),
        ({"dirs": ["a"], "class": "test"}, ("unknown class 'test'", "tests")),
        ({"dirs": ["a"]}, ("class is missing", "vendored")),
        ({"dirs": [1], "class": "data"}, ("dirs must be a list of words", '["…"]')),
        ({"dirs": [], "class": "data"}, ("dirs must be a list of words", '["…"]')),
        ({"traits": ["demos"], "class": "data"}, ("unknown word 'demos'", "demo")),
        ({"attributes": ["generate"], "class": "data"}, ("unknown word 'generate'", "generated")),
        ({"dirs": ["a"], "kinds": ["const"], "class": "data"}, ("'dirs' looks at the path", "in_classes")),
        ({"paths": ["*" * 9], "class": "data"}, ("more than 8 stars", "glob")),
        ({"names": ["a[b"], "class": "data"}, ("never closed", "glob")),
        ({"names": ["[b-a]"], "class": "data"}, ("bad character range", "glob")),
        ({"names": ["a" * 201], "class": "data"}, ("longer than 200", "glob")),
        ({"dirs": ["a"], "class": "data", "whole": "yes"}, ("whole must be true or false", "true")),
        ({"min_lines": -1, "class": "data"}, ("min_lines must be a whole number", "10")),
        ({"min_lines": True, "class": "data"}, ("min_lines must be a whole number", "10")),
        ({"dirs": ["a"], "class": "data", "reason": 7}, ("reason must be text", "reason")),
        ({"dirs": ["a"], "class": "data", "id": "source"}, ("belongs to a rule that ships", "my-source")),
        ({"class": "data"}, ("no condition", "dirs")),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(table: Table, names: tuple[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        load_rules([table], source=".packsight.toml")
    assert caught.value.message.startswith(".packsight.toml: rule 1") or "source" in caught.value.message
    assert names[0] in caught.value.message
    assert names[1] in caught.value.hint


def test_an_id_is_used_once() -> None:
    table = {"id": "mine", "dirs": ["a"], "class": "data"}
    with pytest.raises(InputError, match="rule 2: the id 'mine' is used twice"):
        load_rules([table, table])


def test_a_rule_that_is_no_table_is_named() -> None:
    with pytest.raises(InputError, match="rule 1: must be a table"):
        load_rules(["tests/**"])  # type: ignore[list-item]
