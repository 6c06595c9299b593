"""What is said around the text of a pack: where one is in it, and what is waited for."""

from __future__ import annotations

from engine.live import Settled
from engine.visible import display_path
from tui.ruler import Ruler
from tui.state import Phase, ViewState
from tui.text import number, percent

_ENDINGS = {"xml": "xml", "markdown": "md", "json": "json", "plain": "txt"}
_DOING = {
    "list": "listing files", "analyze": "cutting files into chunks", "count": "counting tokens",
    "store": "remembering counts", "pack": "packing",
}  # fmt: skip


def position_words(lines: tuple[int, int], count: int, offsets: tuple[int, int], ruler: Ruler | None) -> str:
    """Write ``lines 40-75 of 913 · tokens 1,204-1,988 of 8,968``.

    Args:
        lines: First and last visible line, from 0.
        count: Lines of the text.
        offsets: What is visible of the text.
        ruler: Its tokens; None while they are not known.
    """
    words = f"lines {number(lines[0] + 1)}-{number(lines[1] + 1)} of {number(count)}"
    if ruler is None:
        return words
    before, through = (ruler.until(offset) for offset in offsets)
    return f"{words} · tokens {number(min(before + 1, through))}-{number(through)} of {number(ruler.total)}"


def empty_words(state: ViewState | None) -> str:
    """Say in one line why there is no text yet."""
    if state is None:
        return "no repository is open"
    if state.trouble:
        return state.trouble
    if state.pack is not None and state.pack.problem:
        return state.pack.problem
    progress = state.progress
    if progress is not None:
        doing = _DOING.get(progress.phase, progress.phase)
        if progress.total:
            share = percent(progress.done / progress.total)
            return f"{doing}: {number(progress.done)} of {number(progress.total)}, {share}"
        return f"{doing}: {number(progress.done)}" if progress.done else doing
    if state.phase is Phase.SCANNING:
        return "reading the repository"
    return "writing the text and counting it"


def file_name(state: ViewState | None, settled: Settled) -> str:
    """Suggest a file for the text: repository and ending of the format."""
    name = state.chart.name if state is not None and state.chart is not None else "the"
    return f"{display_path(name).replace('/', '-')}-pack.{_ENDINGS.get(settled.pack.format, 'txt')}"
