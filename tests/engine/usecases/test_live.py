"""Live packing against finished packs: the same numbers for the same request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.columns import CLASSES
from engine.errors import Cancelled
from engine.inspector import Inspector
from engine.live import Live, LivePack
from engine.model import ChunkClass
from engine.render.document import FORMATS
from engine.request import PackRequest, ScanRequest, Tuning
from tests.sample import make_repository

TUNED = Tuning(
    weights={ChunkClass.TESTS: 3.0},
    shares={ChunkClass.DOCS: (0.1, 0.5)},
    max_level={ChunkClass.CODE: 3},
    pins=(("README.md", 1),),
    excludes=("data/",),
)


@pytest.fixture
def inspector(tmp_path: Path) -> Iterator[Inspector]:
    with Inspector(cache_path=tmp_path / "blobs.db") as opened:
        yield opened


@pytest.fixture
def scan(tmp_path: Path) -> ScanRequest:
    return ScanRequest(make_repository(tmp_path / "shop"), "gpt-4o")


@pytest.fixture
def live(inspector: Inspector, scan: ScanRequest) -> Iterator[Live]:
    opened = inspector.live(scan)
    yield opened
    opened.close()


def same(one: LivePack, other: LivePack) -> bool:
    names = ("levels", "tokens", "file_tokens", "values", "pinned", "excluded", "class_tokens", "matrix")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("tuning", [Tuning(), TUNED])
@pytest.mark.parametrize("budget", [500, 900, "9k"])
def test_a_settled_pack_is_the_pack_with_the_numbers_of_its_report(
    inspector: Inspector, live: Live, scan: ScanRequest, format_name: str, tuning: Tuning, budget: str | int
) -> None:
    request = PackRequest(scan, budget, format_name, tuning=tuning, reserve_tokens=100)
    live.repack(request)
    settled = live.settle(request)
    packed = inspector.pack(request)
    assert settled.text == packed.text
    reports = [{k: v for k, v in report.items() if k not in ("seconds", "cache")} for report in
               (settled.report, packed.report)]  # fmt: skip
    assert reports[0] == reports[1]
    pack, report = settled.pack, packed.report
    assert (pack.budget_tokens, pack.est_used, pack.actual) == (report["budget"], report["est_used"], report["actual"])
    assert (pack.quality, pack.gap, pack.format) == (report["quality"], report["gap"], report["format"])
    assert (pack.reserve_tokens, pack.context_window) == (report["reserve"], report["context_window"])
    by_class = {name.value: count for name, count in zip(CLASSES, pack.class_tokens.tolist(), strict=True)}
    assert {name: by_class[name] for name in report["classes"]} == {
        name: row["tokens"] for name, row in report["classes"].items()
    }
    told = [{"tokens": tokens, "quality": quality} for tokens, quality in pack.alternatives]
    assert told == [{"tokens": row["tokens"], "quality": row["quality"]} for row in report["alternatives"]]
    chunks = np.bincount(pack.levels, minlength=7).tolist()
    assert chunks == [row["chunks"] for row in report["levels"].values()]
    items = [item for item in report["items"] if item["level"] < 5]
    assert int(pack.tokens.sum()) == sum(item["tokens"] for item in items)
    assert same(pack, live.settle(request).pack)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("tuning", [Tuning(), TUNED])
def test_parts_add_up_to_the_whole(live: Live, scan: ScanRequest, format_name: str, tuning: Tuning) -> None:
    for budget in (500, 700, 1_500, 30_000):
        pack = live.repack(PackRequest(scan, budget, format_name, tuning=tuning))
        assert pack.problem == ""
        assert pack.class_tokens.sum() + pack.frame_tokens == pack.est_used <= budget
        # Files are told by the sums of the solver, which come near.
        assert abs(pack.est_used - pack.file_tokens.sum()) < 200 + 0.05 * budget
        assert pack.actual is None
        assert not pack.settled
        assert 0.9 * pack.smallest_tokens <= pack.est_used


def test_everything_at_one_level_is_what_the_matrix_says(live: Live, scan: ScanRequest) -> None:
    pack = live.repack(PackRequest(scan, 2_000))
    columns = live.chart.columns
    assert pack.matrix[:, :5].sum(axis=0).tolist() == columns.tokens.sum(axis=0).tolist()
    assert 0 < pack.matrix[:, 5].sum() <= columns.line_tokens.sum()
    assert (np.diff(pack.matrix, axis=1) <= 0).all()
    totals = np.array([tokens for tokens, _ in pack.alternatives])
    assert (totals > pack.matrix.sum(axis=0)).all()
    whole = live.settle(PackRequest(scan, 30_000)).pack
    assert whole.class_tokens.tolist() == pack.matrix[:, 0].tolist()
    assert whole.est_used == totals[0]


def test_pins_and_excludes_are_kept_and_shown(live: Live, scan: ScanRequest) -> None:
    files = live.chart.columns.files
    pack = live.repack(PackRequest(scan, 1_200, tuning=TUNED))
    paths = np.array([row.path for row in files])[live.chart.columns.file]
    assert (pack.pinned[paths == "README.md"] == 1).all()
    assert (pack.levels[paths == "README.md"] == 1).all()
    assert (pack.pinned[paths != "README.md"] == -1).all()
    assert pack.excluded.tolist() == [path.startswith("data/") for path in paths]
    assert (pack.levels[pack.excluded] == 6).all()
    assert pack.matrix[CLASSES.index(ChunkClass.DATA)].sum() == 0


def test_undo_gives_the_same_arrays(live: Live, scan: ScanRequest) -> None:
    requests = [
        PackRequest(scan, budget, tuning=tuning)
        for budget in (600, 900)
        for tuning in (Tuning(), Tuning(weights={ChunkClass.DOCS: 4.0}), TUNED, Tuning(max_level={ChunkClass.CODE: 1}))
    ]
    first = [live.repack(request) for request in requests]
    for request, before in [*zip(requests, first, strict=True)][::-1]:
        assert same(live.repack(request), before)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"budget": 30}, "smallest"),
        ({"budget": "many"}, "'many' is not a number of tokens; write 32000"),
        ({"budget": "2M"}, "larger than the model's window"),
        ({"format": "yaml"}, "formats: xml"),
        ({"reserve_tokens": 10**9}, "use at most"),
        ({"tuning": Tuning(excludes=("!",))}, "!"),
        ({"tuning": Tuning(shares={ChunkClass.CODE: (0.7, 1.0), ChunkClass.DOCS: (0.7, 1.0)})}, "add up to 140%"),
    ],
)
def test_trouble_is_told_in_words_beside_the_last_pack(
    inspector: Inspector, live: Live, scan: ScanRequest, change: dict[str, object], words: str
) -> None:
    request = PackRequest(scan, **{"budget": 900, **change})  # type: ignore[arg-type]
    alone = live.repack(request)
    assert words in alone.problem
    assert (alone.levels == 6).all()
    assert alone.class_tokens.sum() == 0
    before = live.repack(PackRequest(scan, 900))
    told = live.repack(request)
    assert told.problem == alone.problem
    assert told.request == request
    assert np.array_equal(told.levels, before.levels)
    assert live.repack(PackRequest(scan, 900)).problem == ""


def test_a_repository_without_text_is_a_problem_in_words(inspector: Inspector, tmp_path: Path) -> None:
    scan = ScanRequest(make_repository(tmp_path / "empty", {"logo.png": b"\0\1\2"}), "gpt-4o")
    live = inspector.live(scan)
    assert live.chart.columns.chunks == 0
    pack = live.repack(PackRequest(scan, 900))
    assert "none with text" in pack.problem
    assert len(pack.levels) == 0


def test_the_chart_is_the_scan(inspector: Inspector, live: Live, scan: ScanRequest) -> None:
    chart, report = live.chart, inspector.scan(scan)
    for volatile in ("seconds", "cache"):
        report.pop(volatile)
    assert {key: chart.summary[key] for key in report} == report
    assert chart.name == "shop"
    assert [(item.path, item.reason) for item in chart.skipped] == [
        (row["path"], row["reason"]) for row in report["skipped"]
    ]
    assert chart.columns.chunks == report["chunks"]


def test_whoever_cancels_gets_no_pack(live: Live, scan: ScanRequest) -> None:
    with pytest.raises(Cancelled):
        live.repack(PackRequest(scan, 900), lambda: True)
    with pytest.raises(Cancelled):
        live.settle(PackRequest(scan, 900), cancelled=lambda: True)


def test_a_pack_can_be_stopped_at_any_look(live: Live, scan: ScanRequest) -> None:
    """However far it has come, the next look ends it; and a new attempt is none the worse for it."""
    looks = 0
    request = PackRequest(scan, 901)
    while True:
        left = looks

        def enough() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        try:
            settled = live.settle(request, cancelled=enough)
            break
        except Cancelled:
            looks += 1 + looks // 2
    assert looks > 100
    assert settled.text == live.settle(request).text


def test_a_file_that_changed_meanwhile_is_noticed(live: Live, scan: ScanRequest, inspector: Inspector) -> None:
    from engine.errors import PacksightError

    assert not live.changed()
    (scan.path / "README.md").write_text("# Other\n")
    with pytest.raises(PacksightError, match=r"README\.md"):
        live.settle(PackRequest(scan, 9_000))
    assert live.changed()
    again = inspector.live(scan)
    assert not again.changed()
    assert "# Other" in again.settle(PackRequest(scan, 9_000)).text
