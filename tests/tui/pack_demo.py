"""The screen of the finished text alone, with packs made by code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from textual import on

from engine.live import Settled
from tests.tui.demo import DemoApp
from tests.tui.preview_demo import SOURCE, ends_of_words
from tests.tui.samples import sample_chart, sample_pack, sample_request
from tui.messages import RequestChanged
from tui.ruler import make_ruler
from tui.screens.preview import PackScreen
from tui.state import Phase, ViewState

BREAKPOINTS = [(0, "-narrow"), (72, "-medium"), (110, "-wide"), (170, "-vast")]
"""As the app has them."""
PATHS = ("src/shop/orders.py", "docs/[b]guide[/b].py")


def pack_text(format_name: str = "markdown", files: int = 12) -> str:
    """A pack as the engine would frame it."""
    out = ["# Pack `shop`\nLevels: 0 full; 1 trimmed\n```\nsrc/ 0 a.py\n```\n"]
    if format_name == "xml":
        out = ['<pack root="shop">\nLevels: 0 full; 1 trimmed\nsrc/ 0 a.py\n</pack>\n']
    for index in range(files):
        path = PATHS[index % 2]
        if format_name == "xml":
            out.append(f'<file path="{path}">\n{SOURCE}</file>\n')
        else:
            out.append(f"## `{path}` 1-26/80\n```python\n{SOURCE}```\n")
    return "".join(out)


def report() -> dict[str, Any]:
    """Parts of a report that the screen reads."""
    return {
        "levels": {"0": {"chunks": 17, "tokens": 1688}, "2": {"chunks": 8, "tokens": 3429},
                   "3": {"chunks": 49, "tokens": 2532}, "6": {"chunks": 1710, "tokens": 0}},
        "classes": {"code": {"chunks": 482, "shown": 77, "tokens": 7835, "tokens_full": 77095, "quality": 0.34},
                    "tests": {"chunks": 573, "shown": 4, "tokens": 18, "tokens_full": 54666, "quality": 0.01},
                    "docs": {"chunks": 562, "shown": 3, "tokens": 77, "tokens_full": 122850, "quality": 0.01}},
        "excluded": [{"path": "a", "reason": "no room: worth less per token than what is shown", "tokens": 112},
                     {"path": "b", "reason": "no room: worth less per token than what is shown", "tokens": 51},
                     {"path": "c", "reason": "excluded by [b]/vendor/[/b]", "tokens": 7900}],
    }  # fmt: skip


class PackDemo(DemoApp):
    """Counts when it is asked to; keeps what else is asked."""

    def __init__(self, theme: str = "ink") -> None:
        super().__init__(theme)
        self.pack_screen = PackScreen()
        self.chart = sample_chart(paths=PATHS)
        self.answers_rulers = True

    def on_mount(self) -> None:
        self.push_screen(self.pack_screen)

    def view_state(self, text: str | None, format_name: str = "markdown", **changes: Any) -> ViewState:
        """A state with a finished text, or without one."""
        request = sample_request(self.chart, format=format_name)
        pack = replace(sample_pack(self.chart), request=request, format=format_name)
        done = Settled(text, report(), pack) if text is not None else None
        state = ViewState(request, phase=Phase.READY, chart=self.chart, pack=pack, settled=done)
        return replace(state, **changes)

    @on(PackScreen.RulerWanted)
    def _count(self, message: PackScreen.RulerWanted) -> None:
        self.kept.append(message)
        if self.answers_rulers:
            self.pack_screen.ruler = make_ruler(message.text, ends_of_words(message.text))

    @on(PackScreen.CommandLineWanted)
    def _command(self, message: PackScreen.CommandLineWanted) -> None:
        self.kept.append(message)
        self.pack_screen.command_line = "packsight pack /repos/shop --budget 12000 --model sample-1 --format markdown"

    @on(RequestChanged)
    def _changed(self, message: RequestChanged) -> None:
        self.kept.append(message)


def token_count(text: str) -> int:
    """Tokens of the demo's tokenizer."""
    return len(re.findall(r"\s*\w+|\s*[^\w\s]+|\s+", text))
