"""Comparing packs: every chunk that differs is told once, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError, UsageError
from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest, Tuning
from engine.usecases.compare import compare_reports
from engine.usecases.variants import Known, parse_variant
from tests.engine.walk.repos import git
from tests.sample import make_repository

MODEL = "gpt-4o"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop")


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(cache_path=tmp_path / "blobs.db")


def shown(report: Mapping[str, Any]) -> dict[tuple[str, int, int, str, str], int]:
    return {
        (item["path"], item["start_line"], item["end_line"], item["kind"], item["symbol"]): item["level"]
        for item in report["items"]
        if item["kind"] != "file"
    }


def test_two_budgets_differ_in_what_their_packs_show(inspector: Inspector, shop: Path) -> None:
    requests = [PackRequest(ScanRequest(shop, MODEL), budget) for budget in (250, 500)]
    left, right = (inspector.pack(request).report for request in requests)
    found = inspector.diff(*requests)
    was, now = shown(left), shown(right)
    assert was != now
    assert sum(row.tokens_right - row.tokens_left for row in found.rows if row.level_right < 5) != 0
    changed = {place for place in {*was, *now} if was.get(place) != now.get(place)}
    told = [(row.path, row.start_line, row.end_line) for row in found.rows]
    assert {place[:3] for place in changed} <= set(told)
    assert len(told) == len(set(told))
    for row in found.rows:
        expected = {6: "enters"}.get(row.level_left) or {6: "leaves"}.get(row.level_right)
        assert row.change == (expected or ("deeper" if row.level_right > row.level_left else "fuller"))
    for side, report in ((found.left, left), (found.right, right)):
        assert (side.budget, side.actual, side.quality) == (report["budget"], report["actual"], report["quality"])
    assert sum(found.changes().values()) == len(found.rows)


def test_swapping_the_sides_turns_every_change_around(inspector: Inspector, shop: Path) -> None:
    requests = [PackRequest(ScanRequest(shop, MODEL), budget) for budget in (250, 500)]
    forth, back = inspector.diff(*requests), inspector.diff(*reversed(requests))
    other = {"enters": "leaves", "leaves": "enters", "deeper": "fuller", "fuller": "deeper"}
    assert {(row.path, row.start_line, other[row.change]) for row in forth.rows} == {
        (row.path, row.start_line, row.change) for row in back.rows
    }


def test_a_pack_differs_from_itself_in_nothing(inspector: Inspector, shop: Path) -> None:
    request = PackRequest(ScanRequest(shop, MODEL), 900)
    assert inspector.diff(request, request).rows == ()


def test_what_moved_in_a_changed_file_is_the_same_chunk(inspector: Inspector, shop: Path) -> None:
    orders = shop / "shop" / "orders.py"
    orders.write_text("# one more line\n\nNEW = 1\n\n\n" + orders.read_text("utf-8"), "utf-8")
    full = Tuning(pins=(("*", 0),))
    then, now = (PackRequest(ScanRequest(shop, MODEL, rev=rev), 20_000, tuning=full) for rev in ("HEAD", None))
    found = inspector.diff(then, now)
    assert found.rows
    assert {row.path for row in found.rows} == {"shop/orders.py"}
    assert not {row.symbol for row in found.rows} & {"Order.total", "Order.to_json", "Order"}


def test_a_file_that_is_not_there_enters_and_leaves(inspector: Inspector, shop: Path) -> None:
    (shop / "shop" / "money.py").unlink()
    full = Tuning(pins=(("*", 0),))
    then, now = (PackRequest(ScanRequest(shop, MODEL, rev=rev), 20_000, tuning=full) for rev in ("HEAD", None))
    found = inspector.diff(then, now)
    assert {(row.path, row.change, row.level_right) for row in found.rows} == {("shop/money.py", "leaves", 6)}
    assert {row.change for row in inspector.diff(now, then).rows} == {"enters"}


def item(path: str, at: int, level: int, kind: str = "function", symbol: str = "f", full: int = 9) -> dict[str, Any]:
    return {
        "path": path, "start_line": at, "end_line": at, "class": "code", "kind": kind, "symbol": symbol,
        "level": level, "tokens": 10 - level, "tokens_full": full, "value": 1.0,
    }  # fmt: skip


def report(*items: dict[str, Any]) -> dict[str, Any]:
    totals = {"model": "m", "method": "exact", "profile": "", "query": "", "budget": 9, "actual": 9, "quality": 1.0}
    return {**totals, "revision": "r", "items": list(items)}


def test_a_files_line_stands_for_its_chunks() -> None:
    line = item("a", 1, 5, kind="file", symbol="")
    found = compare_reports(report(line), report(item("a", 1, 2), item("a", 7, 0, symbol="g")))
    assert {(row.symbol, row.level_left, row.change) for row in found.rows} == {("f", 5, "fuller"), ("g", 5, "fuller")}
    found = compare_reports(report(line), report())
    assert [(row.change, row.level_left, row.level_right) for row in found.rows] == [("leaves", 5, 6)]
    assert compare_reports(report(line), report(line)).rows == ()


def test_of_pieces_with_one_name_those_of_the_same_size_are_the_same() -> None:
    left = report(*(item("a", at, 0, symbol="", full=size) for at, size in ((1, 5), (2, 6), (3, 7))))
    right = report(*(item("a", at, 1, symbol="", full=size) for at, size in ((11, 6), (12, 7))))
    found = compare_reports(left, right, unchanged=())
    assert sorted((row.start_line, row.change) for row in found.rows) == [(1, "leaves"), (11, "deeper"), (12, "deeper")]


ITEMS = st.lists(
    st.builds(
        item,
        path=st.sampled_from(["a", "b"]),
        at=st.integers(1, 6),
        level=st.integers(0, 4),
        kind=st.just("function"),
        symbol=st.sampled_from(["", "f", "g"]),
        full=st.integers(1, 3),
    ),
    max_size=8,
)


@given(left=ITEMS, right=ITEMS, unchanged=st.sampled_from([None, (), ("a",)]))
def test_every_chunk_is_accounted_for(
    left: list[dict[str, Any]], right: list[dict[str, Any]], unchanged: tuple[str, ...] | None
) -> None:
    found = compare_reports(report(*left), report(*right), unchanged)
    change = sum(entry["tokens"] for entry in right) - sum(entry["tokens"] for entry in left)
    assert sum(row.tokens_right - row.tokens_left for row in found.rows) == change


def test_one_text_is_counted_for_several_models(inspector: Inspector, shop: Path) -> None:
    request = PackRequest(ScanRequest(shop, MODEL), 900)
    packed = inspector.pack(request).report
    rows = inspector.models_at_once(request, [MODEL, "claude-opus-4-5", "gpt-5.5"])
    assert [row.model for row in rows] == [MODEL, "claude-opus-4-5", "gpt-5.5"]
    assert rows[0].tokens == packed["actual"]
    assert rows[1].tokens != rows[0].tokens
    assert {row.quality for row in rows} == {packed["quality"]}
    with pytest.raises(InputError):
        inspector.models_at_once(request, ["gpt-55"])


KNOWN = Known({"gpt-4o": "gpt-4o", "four": "gpt-4o"}, lambda: ("lean", "HEAD", "main"), lambda word: word == "main")


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("32k", {"budget": "32k"}),
        ("32,000", {"budget": "32,000"}),
        ("40%,Four", {"budget": "40%", "model": "Four"}),
        ("lean,budget=1,500", {"profile": "lean", "budget": "1,500"}),
        ("query=a, b=c,d,budget=8k", {"query": "a, b=c,d", "budget": "8k"}),
        ("rev=HEAD~2", {"rev": "HEAD~2"}),
        ("worktree", {"rev": "worktree"}),
        ("now", {}),
        ("HEAD", {"profile": "HEAD"}),
    ],
)
def test_settings_of_a_side_are_read(text: str, settings: dict[str, str]) -> None:
    assert parse_variant(text, KNOWN) == settings


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("laen", "lean"),
        ("budgt=3", "budget="),
        ("main", "profile=main or rev=main"),
        ("8k,16k", "twice"),
        ("", "empty"),
        ("8k,", "empty"),
    ],
)
def test_what_is_no_side_is_a_clear_error(text: str, named: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_variant(text, KNOWN)
    assert named in error.value.message + error.value.hint


def test_a_revision_is_told_from_other_words(inspector: Inspector, shop: Path) -> None:
    git(shop, "tag", "first")
    scan = ScanRequest(shop, MODEL)
    assert inspector.variant(scan, {}, "first").scan.rev == "first"
    with pytest.raises(UsageError):
        inspector.variant(scan, {}, "frist")
    with pytest.raises(UsageError):
        inspector.variant(scan, {}, "tuned")
