"""The preview pane alone, with excerpts made by code instead of an engine."""

from __future__ import annotations

import re

from textual import on
from textual.app import ComposeResult

from engine.live import Excerpt, Why
from tests.tui.demo import DemoApp
from tests.tui.samples import sample_chart, sample_pack
from tui.messages import ExcerptRead
from tui.state import Place
from tui.widgets.preview_pane import PreviewPane

SOURCE = '''"""Orders of the shop."""

import math
from dataclasses import dataclass

RATE = 0.19  # what the state takes


@dataclass
class Order:
    """What somebody bought."""

    items: list[float]
    note: str = "[b]no markup[/b]"

    def total(self, discount: float = 0.0) -> float:
        """Sum of the items after the discount."""
        # Money is rounded up, as the contract says.
        total = 0.0
        for item in self.items:
            total += item
        return math.ceil(total * (1 - discount) * (1 + RATE) * 100) / 100

    def is_empty(self) -> bool:
        """Whether nothing was bought."""
        return not self.items
'''


def at_level(level: int | None, source: str = SOURCE) -> str:
    """The source with less and less of it, somewhat as the engine would show it."""
    lines = source.splitlines()
    if level == 1:
        lines = [line for line in lines if "#" not in line]
    elif level in (None, 2):
        lines = [*lines[:18], "        … 4 lines", *lines[21:]]
    elif level == 3:
        lines = [line for line in lines if "def " in line or '"""' in line]
    elif level == 4:
        lines = ["⋯ 1-26 class Order: def total, is_empty"]
    return "\n".join(lines) + "\n"


def ends_of_words(text: str) -> tuple[int, ...]:
    """Ends of tokens as a very simple tokenizer would have them."""
    return tuple(match.end() for match in re.finditer(r"\s*\w+|\s*[^\w\s]+|\s+", text))


WHY = Why(
    level=2, tokens=112, tokens_full=203, value=1.731, retention=0.812,
    reason="condensed: 2.95 value per 100 tokens, the cut is 2.83; trimmed costs +61 tokens at 0.422",
    next_level=1, next_tokens=61, next_retention=0.97,
)  # fmt: skip


class PreviewDemo(DemoApp):
    """Answers what the pane asks for as soon as it is asked."""

    def __init__(self, theme: str = "ink", source: str = SOURCE, language: str = "python") -> None:
        super().__init__(theme)
        self.source, self.language = source, language
        self.asked: list[PreviewPane.ExcerptWanted] = []
        self.chart = sample_chart(paths=("src/shop/[b]orders[/].py",))

    def compose(self) -> ComposeResult:
        yield PreviewPane()

    @property
    def pane(self) -> PreviewPane:
        return self.query_one(PreviewPane)

    def on_mount(self) -> None:
        self.pane.chart, self.pane.pack = self.chart, sample_pack(self.chart)

    def show(self, place: Place) -> None:
        """Select something."""
        self.pane.place = place

    @on(PreviewPane.ExcerptWanted)
    def _answer(self, message: PreviewPane.ExcerptWanted) -> None:
        self.asked.append(message)
        text = at_level(message.level, self.source)
        level = 2 if message.level is None else message.level
        excerpt = Excerpt(text, level, len(text) // 4, self.language, 1)
        self.pane.take(ExcerptRead(message.place, message.level, excerpt, message.key))

    @on(PreviewPane.WhyWanted)
    def _explain(self) -> None:
        self.pane.why = WHY

    @on(PreviewPane.TokensWanted)
    def _count(self, message: PreviewPane.TokensWanted) -> None:
        self.pane.token_ends = ends_of_words(message.text)
