"""Looking at one chunk or file of a live repository: its text, its reasons, its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.live import Live
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest, Tuning
from engine.tokens import tokenizer
from tests.sample import FILES, make_repository

HOSTILE = {**FILES, "evil\x1b[31m.py": "def f():\n    '''\x1b]0;title\x07'''\n    return 1\r\n"}


@pytest.fixture
def inspector(tmp_path: Path) -> Iterator[Inspector]:
    with Inspector(cache_path=tmp_path / "blobs.db") as opened:
        yield opened


@pytest.fixture
def scan(tmp_path: Path) -> ScanRequest:
    return ScanRequest(make_repository(tmp_path / "shop", HOSTILE), "gpt-4o")


@pytest.fixture
def live(inspector: Inspector, scan: ScanRequest) -> Iterator[Live]:
    opened = inspector.live(scan)
    yield opened
    opened.close()


def rows_of(live: Live, path: str) -> tuple[int, list[int]]:
    columns = live.chart.columns
    file = [row.path for row in columns.files].index(path)
    return file, [row for row in range(columns.chunks) if columns.file[row] == file]


@pytest.mark.parametrize("budget", [500, 900, 1_400, 30_000])
def test_a_file_reads_as_it_stands_in_the_pack(live: Live, scan: ScanRequest, budget: int) -> None:
    settled = live.settle(PackRequest(scan, budget, "plain"))
    count = tokenizer(live.chart.model.encoding).count
    for file, row in enumerate(live.chart.columns.files):
        excerpt = live.excerpt(file, None, None, settled.pack)
        levels = settled.pack.levels[live.chart.columns.file == file]
        assert excerpt.level == -1
        assert bool(excerpt.text) == bool((levels < 6).any())
        assert excerpt.text in settled.text, row.path
        assert excerpt.tokens == (count(excerpt.text) if excerpt.text else 0)


def test_a_whole_file_at_full_level_is_the_file(live: Live, scan: ScanRequest) -> None:
    file, rows = rows_of(live, "shop/orders.py")
    excerpt = live.excerpt(file, None, 0, None)
    assert excerpt.text == FILES["shop/orders.py"]
    assert (excerpt.level, excerpt.language, excerpt.first_line) == (0, "python", 1)
    assert "".join(live.excerpt(file, row, 0, None).text for row in rows) == FILES["shop/orders.py"]
    assert [live.excerpt(file, row, 0, None).first_line for row in rows] == [
        int(live.chart.columns.start_line[row]) for row in rows
    ]


def test_deeper_levels_never_cost_more(live: Live) -> None:
    columns = live.chart.columns
    for row in range(columns.chunks):
        counts = [live.excerpt(int(columns.file[row]), row, level, None).tokens for level in range(4)]
        assert counts == sorted(counts, reverse=True)
    file, _ = rows_of(live, "shop/orders.py")
    assert live.excerpt(file, None, 5, None).text.startswith("shop/orders.py code")
    assert "class Order" in live.excerpt(file, None, 4, None).text
    assert live.excerpt(file, None, 6, None).text == ""


def test_control_characters_are_shown_as_the_model_sees_them(live: Live) -> None:
    file, _ = rows_of(live, "evil\x1b[31m.py")
    for level in range(6):
        text = live.excerpt(file, None, level, None).text
        assert not set(text) & set("\x1b\x07\r")
    assert "␛]0;title␇" in live.excerpt(file, None, 0, None).text


@pytest.mark.parametrize(
    "tuning",
    [
        Tuning(),
        Tuning(weights={ChunkClass.TESTS: 0.0}, excludes=("data/",)),
        Tuning(max_level={ChunkClass.CODE: 2, ChunkClass.DOCS: 1}, pins=(("shop/money.py", 3), ("README.md", 5))),
    ],
)
@pytest.mark.parametrize("budget", [400, 600, 900, 30_000])
def test_reasons_are_those_of_the_report(live: Live, scan: ScanRequest, tuning: Tuning, budget: int) -> None:
    settled = live.settle(PackRequest(scan, budget, tuning=tuning))
    columns, pack = live.chart.columns, settled.pack
    reasons = {
        (item["path"], item["start_line"]): item["reason"] for item in settled.report["items"] if item["level"] < 5
    }
    for row in range(columns.chunks):
        why = live.why(pack, row)
        assert (why.level, why.tokens, why.value) == (pack.levels[row], pack.tokens[row], pack.values[row])
        assert why.tokens_full == columns.tokens[row, 0]
        if why.level < 5:
            path = columns.files[int(columns.file[row])].path
            if "\x1b" not in path:
                assert why.reason == reasons[path, int(columns.start_line[row])]
        if why.next_level is not None:
            assert why.next_level < why.level
            assert why.next_tokens > 0
            assert why.next_retention >= why.retention
        if pack.excluded[row]:
            assert why.reason == "omitted: excluded"
        if pack.pinned[row] >= 0:
            assert why.reason.endswith(": pinned")
            assert why.next_level is None


def test_a_chunk_in_full_has_nothing_better(live: Live, scan: ScanRequest) -> None:
    pack = live.repack(PackRequest(scan, 30_000))
    for row in range(live.chart.columns.chunks):
        why = live.why(pack, row)
        assert (why.level, why.retention, why.next_level, why.next_tokens) == (0, 1.0, None, 0)


def test_chunks_are_named(live: Live, scan: ScanRequest) -> None:
    report = live.settle(PackRequest(scan, 30_000)).report
    names = {(item["path"], item["start_line"]): (item["kind"], item["symbol"]) for item in report["items"]}
    columns = live.chart.columns
    labels = live.labels(range(columns.chunks))
    for row, label in enumerate(labels):
        path = columns.files[int(columns.file[row])].path
        if "\x1b" not in path:
            assert label == names[path, int(columns.start_line[row])]
    assert live.labels([]) == []
    assert live.labels([3, 1, 3]) == [labels[3], labels[1], labels[3]]
