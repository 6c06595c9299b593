from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.inspector import Inspector
from engine.live import GONE, Live
from engine.request import ScanRequest
from engine.usecases.moved import moved
from tests.sample import SERVICE, make_repository

Change = Callable[[Path], object]


def both(tmp_path: Path, change: Change) -> tuple[Live, Live]:
    """The sample before and after a change."""
    root = make_repository(tmp_path / "shop")
    inspector = Inspector(cache_path=tmp_path / "blobs.db")
    scan = ScanRequest(root, "gpt-4o")
    old = inspector.live(scan)
    list(old.labels(range(old.chart.columns.chunks)))
    change(root)
    return old, inspector.live(scan)


def names(live: Live) -> list[tuple[str, str, str]]:
    columns = live.chart.columns
    labels = live.labels(range(columns.chunks))
    return [(columns.files[int(columns.file[row])].path, *label) for row, label in enumerate(labels)]


def test_nothing_moves_where_nothing_changed(tmp_path: Path) -> None:
    old, new = both(tmp_path, lambda root: None)
    found = moved(old.chart, new.chart)
    assert found.chunks.tolist() == list(range(old.chart.columns.chunks))
    assert found.files.tolist() == list(range(len(old.chart.columns.files)))


NEW_METHOD = SERVICE.replace(
    "    def to_json", "    def empty(self):\n        return not self.lines\n\n    def to_json"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "shop" / "orders.py").write_text(NEW_METHOD),
        lambda root: (root / "shop" / "orders.py").write_text(
            SERVICE.replace("amount = Money(0)", "amount = Money(17)")
        ),
        lambda root: (root / "a.py").write_text("X = 1\n"),
        lambda root: (root / "shop" / "money.py").unlink(),
    ],
)
def test_names_stay_with_their_chunks(tmp_path: Path, change: Change) -> None:
    old, new = both(tmp_path, change)
    found, before, after = moved(old.chart, new.chart), names(old), names(new)
    kept = found.chunks >= 0
    assert [before[row] for row in np.flatnonzero(kept)] == [after[row] for row in found.chunks[kept]]
    gone = {before[row][0] for row in np.flatnonzero(~kept)}
    assert gone <= {"shop/money.py"}
    assert set(found.files[found.files >= 0].tolist()) <= set(range(len(new.chart.columns.files)))


def test_a_renamed_file_is_followed(tmp_path: Path) -> None:
    old, new = both(tmp_path, lambda root: (root / "shop" / "money.py").rename(root / "cash.py"))
    found = moved(old.chart, new.chart)
    file = [row.path for row in old.chart.columns.files].index("shop/money.py")
    assert new.chart.columns.files[int(found.files[file])].path == "cash.py"
    assert (found.chunks >= 0).all()


def test_a_file_cut_short_keeps_what_is_left(tmp_path: Path) -> None:
    old, new = both(tmp_path, lambda root: (root / "README.md").write_text("# Shop\n\nA shop in two files.\n"))
    found = moved(old.chart, new.chart)
    file = [row.path for row in old.chart.columns.files].index("README.md")
    mine = found.chunks[old.chart.columns.file == file]
    assert mine[0] >= 0
    assert (mine[1:] == GONE).any()
    assert len({row for row in found.chunks.tolist() if row >= 0}) == int((found.chunks >= 0).sum())
