from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate import Measures, Part, Violation
from engine.gate.judge import growths
from engine.model import ChunkClass
from tests.engine.gate.made import measured, size, verdict

FILES = {"src/a.py": 100, "src/b.py": 300, "docs/x.md": 50}


def only(measures: Measures, **limits: Any) -> Violation:
    """The one violation."""
    (found,) = verdict(measures, limits).violations
    return found


@pytest.mark.parametrize(
    ("limits", "subject", "limit", "number"),
    [
        ({"max_total": 449}, "", 449, 450), ({"max_file": {"src/**": 299}}, "src/b.py", 299, 300),
        ({"max_file": 250}, "src/b.py", 250, 300), ({"max_glob": {"*.py": "399"}}, "*.py", 399, 400),
        ({"max_dir": {"src": 399}}, "src", 399, 400), ({"max_class": {"code": 449}}, "code", 449, 450),
        ({"max_total": "10%"}, "", 100, 450), ({"max_class": {"code": "50%"}}, "code", 225, 450),
    ],
)  # fmt: skip
def test_each_kind_of_limit_holds_up_to_itself(limits: dict[str, Any], subject: str, limit: int, number: int) -> None:
    found = only(measured(FILES), **limits)
    assert (found.subject, found.limit, found.measured, found.over) == (subject, limit, number, number - limit)
    assert f"{number - limit:,} too many" in found.message
    assert found.contributors or "max_file" in limits


@pytest.mark.parametrize(
    "limits",
    [{"max_total": 450}, {"max_file": 300}, {"max_glob": {"*.py": 400}}, {"max_dir": {"src": 400, ".": 450}},
     {"max_class": {"code": 450, "tests": 0}}, {"max_total": "45%"}, {"max_class": {"code": "100%"}}],
)  # fmt: skip
def test_what_is_exactly_at_its_limit_passes(limits: dict[str, Any]) -> None:
    assert verdict(measured(FILES), limits).passed


def test_growth_is_held_against_tokens_and_percent_of_the_base() -> None:
    now = measured(FILES, {"src/a.py": 60, "src/b.py": 300, "old.py": 40})
    assert verdict(now, {"max_growth": ["50", "12.5%"]}).passed
    found = only(now, max_growth=49)
    assert (found.limit, found.measured) == (49, 50)
    assert [total.path for total in found.contributors] == ["docs/x.md", "src/a.py"]
    assert only(now, max_growth="12%").limit == 48
    assert verdict(measured({}, {"a": 5}), {"max_growth": "0"}).passed


def test_a_renamed_file_is_compared_with_what_it_was() -> None:
    now = measured({"new.py": 110}, {"old.py": 100}, {"new.py": "old.py"})
    assert [(row.path, row.tokens) for row in growths(now)] == [("new.py", 10)]
    assert verdict(now, {"max_changed_growth": "10%"}).passed
    assert only(now, max_changed_growth={"*.py": "9"}).measured == 10


def test_limits_of_changed_files_leave_others_alone() -> None:
    now = measured(FILES, {**FILES, "src/a.py": 1})
    assert [v.subject for v in verdict(now, {"max_changed": 10}).violations] == ["src/a.py"]
    assert only(now, max_changed=10).line == 3
    # Of a new file nothing is a percentage; tokens are.
    new = measured({"n.py": 50}, {})
    assert verdict(new, {"max_changed_growth": "5%"}).passed
    assert only(new, max_changed_growth="49").over == 1


def test_files_that_are_named_are_the_only_ones_of_limits_for_single_files() -> None:
    named = measured(FILES, only=frozenset({"src/a.py"}))
    assert [v.subject for v in verdict(named, {"max_file": 10}).violations] == ["src/a.py"]
    assert not verdict(named, {"max_total": 10}).passed


def test_the_remedy_names_the_smallest_thing_that_is_enough() -> None:
    parts = (Part(1, 9, "class A", 200), Part(10, 12, "function f", 60), Part(13, 14, "import", 40))
    found = only(measured(FILES, parts=lambda path: parts), max_file={"src/b.py": 250})
    assert "lines 10-12 (function f, 60 tokens)" in found.remedy
    assert found.line == 10
    assert found.contributors[0].path == "src/b.py:1-9 class A"
    assert "split it into 7 files" in only(measured(FILES, parts=lambda path: parts), max_file={"src/b.py": 45}).remedy
    assert "docs/x.md (50 tokens) is enough" in only(measured(FILES), max_total=401).remedy
    assert "the 2 largest is enough" in only(measured(FILES), max_total=60).remedy
    locked = Measures(1000, (size("a.py", 10), size("uv.lock", 500, ChunkClass.LOCKFILE)))
    assert "lockfile files (500 tokens)" in only(locked, max_total=20).remedy


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50)), st.integers(1, 99))
def test_leaving_out_what_a_share_asks_for_is_really_enough(sizes: dict[str, int], percent: int) -> None:
    tests = [size(f"t{name}", tokens, ChunkClass.TESTS) for name, tokens in sizes.items()]
    measures = Measures(1000, (*tests, size("code", 100)))
    for found in verdict(measures, {"max_class": {"tests": f"{percent}%"}}).violations:
        words = found.remedy.partition(";")[0]
        assert "is enough" in words
        ordered = sorted(tests, key=lambda file: -file.tokens)
        gone = [file for file in tests if f" {file.path} (" in words] or ordered[: int(words.split()[3])]
        left = sum(file.tokens for file in tests if file not in gone)
        assert left <= (left + 100) * percent / 100


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)),
)
def test_growths_add_up_to_the_growth(now: dict[str, int], base: dict[str, int]) -> None:
    measures = measured(now, base)
    assert sum(row.tokens for row in growths(measures)) == measures.total_tokens - measures.base_tokens
