"""Every file in scope is told of, at every budget that works, and the pack and its report say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from engine.errors import BudgetTooSmall
from engine.inspector import Inspector
from engine.render import FORMATS
from engine.request import PackRequest, ScanRequest, Tuning
from engine.tokens import tokenizer

HERE = Path(engine.__file__).parent
MODEL = "gpt-4o"


@pytest.fixture(scope="module")
def inspector(tmp_path_factory: pytest.TempPathFactory) -> Inspector:
    return Inspector(cache_path=tmp_path_factory.mktemp("cache") / "blobs.db")


def folders_in(text: str) -> dict[str, int]:
    """Files that the lines of directories stand for, by directory."""
    found = re.findall(r'^"?([^\n:`"]*/)\*?: ([\d,]+) files?,', text, re.MULTILINE)
    return {name: int(number.replace(",", "")) for name, number in found}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("budget", [350, 1_000, 4_000, 30_000, 1_000_000])
def test_every_file_is_told_of(inspector: Inspector, name: str, budget: int) -> None:
    packed = inspector.pack(PackRequest(ScanRequest(HERE, "gpt-4.1"), budget, name))
    files = inspector.scan(ScanRequest(HERE, "gpt-4.1"))["files"]
    said = packed.report["coverage"]
    assert said["files_in_scope"] == files == said["files_shown"] + said["files_in_directories"]
    assert said["files_left_out"] == 0
    assert f"Coverage: {files:,} of {files:,} files" in packed.text
    if name in ("markdown", "plain"):
        assert sum(folders_in(packed.text).values()) == said["files_in_directories"]
    items = {item["path"] for item in packed.report["items"]}
    assert len(items) == said["files_shown"]
    assert said["files_by_line"] == sum(item["level"] == 5 for item in packed.report["items"])


def test_a_larger_budget_tells_directories_more_finely(inspector: Inspector) -> None:
    told = [
        len(folders_in(inspector.pack(PackRequest(ScanRequest(HERE, MODEL), budget, "plain")).text))
        for budget in (400, 8_000)
    ]
    assert told[0] == 1 < told[1]


def test_what_a_wish_leaves_out_is_not_in_scope(inspector: Inspector) -> None:
    scan = ScanRequest(HERE, MODEL)
    all_files = inspector.pack(PackRequest(scan, 2_000)).report["coverage"]["files_in_scope"]
    request = PackRequest(scan, 2_000, "plain", tuning=Tuning(excludes=("tokens/",)))
    packed = inspector.pack(request)
    assert packed.report["coverage"]["files_in_scope"] < all_files
    assert packed.report["coverage"]["files_left_out"] == 0
    assert not any(name.startswith("tokens/") for name in folders_in(packed.text))


def test_the_smallest_budget_that_is_named_works(inspector: Inspector) -> None:
    scan = ScanRequest(HERE, MODEL)
    pinned = Tuning(pins=(("usecases/", 0),))
    for tuning in (Tuning(), pinned):
        with pytest.raises(BudgetTooSmall) as caught:
            inspector.pack(PackRequest(scan, 40, tuning=tuning))
        least = caught.value.smallest_tokens
        packed = inspector.pack(PackRequest(scan, least, tuning=tuning))
        assert packed.report["actual"] <= least
        assert packed.report["coverage"]["files_left_out"] == 0
        assert tokenizer(inspector.model(MODEL).encoding).count(packed.text) == packed.report["actual"]


@pytest.mark.parametrize("name", FORMATS)
def test_the_stable_order_keeps_the_budget_and_holds_the_same(inspector: Inspector, name: str) -> None:
    scan = ScanRequest(HERE, MODEL)
    usual, stable = (inspector.pack(PackRequest(scan, 6_000, name, stable=stable)) for stable in (False, True))
    assert stable.report["actual"] == tokenizer("o200k_base").count(stable.text) <= 6_000
    assert abs(len(stable.report["items"]) - len(usual.report["items"])) < 0.2 * len(usual.report["items"])
    assert inspector.pack(PackRequest(scan, 6_000, name, stable=True)).text == stable.text
