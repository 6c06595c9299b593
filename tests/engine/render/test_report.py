from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine.model import ChunkClass
from engine.render import NO_ROOM, Alternative, Exclusion, ReportFacts, build_report, summary_lines

from .world import ChunkSpec, World, levels_of, make_world

TEXT = "def a():\n    1\n    2\n    3\n"


def repository() -> World:
    return make_world(
        {
            "b.py": [ChunkSpec(TEXT, "def a"), ChunkSpec(TEXT, "def b"), ChunkSpec(TEXT, "def c")],
            "a.py": [ChunkSpec(TEXT, "def d"), ChunkSpec(TEXT, "def e")],
            "t\n.py": [ChunkSpec(TEXT, "def t", chunk_class=ChunkClass.TESTS)],
            "z.md": [ChunkSpec("# Z\n", "# Z", chunk_class=ChunkClass.DOCS)],
        }
    )


def facts(world: World, **more: Any) -> ReportFacts:
    n = world.columns.chunks
    plain: dict[str, Any] = {
        "model": "some-model",
        "encoding": "o200k_base",
        "method": "exact",
        "budget": 2_000,
        "est_used": 1_500,
        "actual": 1_400,
        "reserve": 100,
        "context_window": 128_000,
        "value": np.arange(1, n + 1, dtype=np.float64),
        "line_tokens": [11, 12, 13, 14],
    }
    return ReportFacts(**(plain | more))


def report_of(world: World, levels: list[int], lines: list[bool], **more: Any) -> dict[str, Any]:
    report = build_report(world.columns, levels_of(levels), np.array(lines), world, facts(world, **more))
    return json.loads(json.dumps(report))  # type: ignore[no-any-return]


LEVELS = [0, 6, 3, 5, 5, 4, 6]
LINES = [True, True, False, False]


def test_it_has_the_keys_that_programs_rely_on() -> None:
    report = report_of(repository(), LEVELS, LINES)
    wanted = (
        "model encoding method budget est_used actual reserve context_window quality intent query profile fits levels "
        "classes items excluded alternatives seconds"
    )
    assert set(report) == set(wanted.split())
    keys = "path start_line end_line class kind symbol level tokens tokens_full retention value reason"
    assert all(set(item) == set(keys.split()) for item in report["items"])
    assert report["fits"] is True
    assert report_of(repository(), LEVELS, LINES, actual=2_001)["fits"] is False


def test_items_are_in_order_and_say_level_and_tokens() -> None:
    world = repository()
    report = report_of(world, LEVELS, LINES, reasons=[f"r{i}" for i in range(7)])
    got = [(i["path"], i["start_line"], i["end_line"], i["level"], i["reason"]) for i in report["items"]]
    assert got == [
        ("a.py", 1, 8, 5, "r3"),
        ("b.py", 1, 4, 0, "r0"),
        ("b.py", 9, 12, 3, "r2"),
        ("t\\x0a.py", 1, 4, 4, "r5"),
    ]
    line, full, capsule, outline = report["items"]
    assert line["tokens"] == 12
    assert line["tokens_full"] == int(world.columns.tokens[3:5, 0].sum())
    assert line["retention"] == pytest.approx(0.05)
    assert full["retention"] == 1.0
    assert capsule["tokens"] == int(world.columns.tokens[2, 3])
    assert (outline["class"], outline["symbol"], outline["value"]) == ("tests", "t", 6.0)


def test_what_is_left_out_is_told_per_file() -> None:
    skipped = [Exclusion("big.bin", "binary"), Exclusion("old.py", "excluded by the profile", 70)]
    world = repository()
    report = report_of(world, LEVELS, LINES, excluded=skipped)
    assert [(row["path"], row["reason"]) for row in report["excluded"]] == [
        ("b.py", f"1 of 3 chunks: {NO_ROOM}"),
        ("big.bin", "binary"),
        ("old.py", "excluded by the profile"),
        ("z.md", NO_ROOM),
    ]
    assert report["excluded"][0]["tokens"] == int(world.columns.tokens[1, 0])


def test_sums_agree_with_one_another() -> None:
    world = repository()
    report = report_of(world, LEVELS, LINES)
    assert sum(row["chunks"] for row in report["levels"].values()) == world.columns.chunks
    assert set(report["levels"]) == set("0123456")
    shown = sum(item["tokens"] for item in report["items"])
    assert sum(row["tokens"] for row in report["levels"].values()) == shown
    assert sum(row["tokens"] for row in report["classes"].values()) == shown
    assert sum(row["tokens_full"] for row in report["classes"].values()) == int(world.columns.tokens[:, 0].sum())
    assert list(report["classes"]) == ["code", "tests", "docs"]


def test_quality_is_one_for_everything_and_nought_for_nothing() -> None:
    world = repository()
    none = [False] * 4
    assert report_of(world, [0] * 7, none)["quality"] == 1.0
    assert report_of(world, [6] * 7, none)["quality"] == 0.0
    better = report_of(world, [6] * 6 + [0], none)["quality"]
    assert better > report_of(world, [0] + [6] * 6, none)["quality"] > 0
    worthless = report_of(world, [0] * 7, none, value=np.zeros(7))
    assert worthless["quality"] == 1.0


def test_no_chunks_make_a_report() -> None:
    world = make_world({})
    report = report_of(world, [], [], line_tokens=[])
    assert report["items"] == report["excluded"] == []
    assert summary_lines(report)


def test_the_summary_groups_what_is_left_out() -> None:
    skipped = [Exclusion(f"{i}.bin", f"binary (NUL byte at {i})", i) for i in range(2_000)]
    skipped += [Exclusion(f"{i}.x", f"odd reason {'x' * i}", 5) for i in range(20)]
    lines = summary_lines(report_of(repository(), LEVELS, LINES, excluded=skipped))
    text = "\n".join(lines)
    assert [line.split()[1:] for line in lines if line.startswith("binary")] == [["2,000", "1,999,000"]]
    assert "other reasons" in text
    assert len(lines) < 35


def test_the_summary_says_the_numbers_of_the_report() -> None:
    report = report_of(
        repository(),
        LEVELS,
        LINES,
        query="how\x1b[31m",
        alternatives=[Alternative(0, 12_345, 1.0, False)],
        seconds={"scan": 0.5},
    )
    lines = summary_lines(report)
    text = "\n".join(lines)
    assert all(line.isprintable() and line == line.rstrip() for line in lines)
    assert "1,400 of 2,000 tokens (70.0 %)" in text
    assert "12,345" in text
    assert "OVER" not in text
    assert "too large" in text
    assert f"{report['quality']:.3f}" in text
    over = report_of(repository(), LEVELS, LINES, actual=2_001)
    assert "OVER BUDGET" in "\n".join(summary_lines(over))
