"""An app with nothing but the tree: what its tests drive, and a look at it (``python -m tests.tui.pack_tree_demo``)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Footer

from engine.request import Tuning
from tests.tui.demo import DemoApp
from tests.tui.samples import sample_chart, sample_pack
from tui.messages import PlaceSelected
from tui.widgets.pack_tree import PackTree

KINDS = ("function", "method", "class", "import", "comment", "section")


def labels_of(chunks: Sequence[int]) -> list[tuple[str, str]]:
    """Labels of any chunks; every third has no symbol."""
    return [(KINDS[chunk % len(KINDS)], f"Shop.handle_{chunk}" if chunk % 3 else "") for chunk in chunks]


class TreeApp(DemoApp):
    """Shows the tree and keeps what it says."""

    CSS = "PackTree { height: 1fr; border: round $panel; } PackTree:focus { border: round $primary; }"

    def compose(self) -> ComposeResult:
        """The tree above the keys."""
        yield PackTree()
        yield Footer(compact=True)

    @property
    def pack_tree(self) -> PackTree:
        """The tree."""
        return self.query_one(PackTree)

    def on_place_selected(self, message: PlaceSelected) -> None:
        """Keep it."""
        self.kept.append(message)

    def on_pack_tree_pin_wanted(self, message: PackTree.PinWanted) -> None:
        """Keep it."""
        self.kept.append(message)

    def on_pack_tree_exclude_wanted(self, message: PackTree.ExcludeWanted) -> None:
        """Keep it."""
        self.kept.append(message)

    def on_pack_tree_sort_changed(self, message: PackTree.SortChanged) -> None:
        """Keep it."""
        self.kept.append(message)

    def on_pack_tree_filter_changed(self, message: PackTree.FilterChanged) -> None:
        """Keep it."""
        self.kept.append(message)


class LookApp(TreeApp):
    """The tree with something in it."""

    def on_mount(self) -> None:
        """Show a chart and a pack."""
        chart = sample_chart(files=120)
        self.pack_tree.labels = labels_of
        self.pack_tree.chart = chart
        tuning = Tuning(pins=(("/docs/guide/", 0), ("/src/shop/orders/*", 2)), excludes=("/third_party/lib/",))
        self.pack_tree.pack = sample_pack(chart, 22_000, tuning=tuning)


if __name__ == "__main__":
    LookApp().run()
