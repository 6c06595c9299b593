"""What is said around the text of a pack: where one is in it, and what is waited for."""

from __future__ import annotations

from tui.ruler import Ruler
from tui.state import Phase, ViewState
from tui.text import number, percent

_DOING = {
    "list": "listing files", "analyze": "cutting files into chunks", "count": "counting tokens",
    "store": "remembering counts", "pack": "packing",
}  # fmt: skip


def position_words(lines: tuple[int, int], count: int, ruler: Ruler | None, text: str) -> str:
    """Write ``lines 40-75 of 913 · tokens 1,204-1,988 of 8,968``; lines are numbered from 0 and inclusive."""
    first, last = lines
    words = f"lines {number(first + 1)}-{number(last + 1)} of {number(count)}"
    if ruler is None or ruler.text is not text:
        return words
    before, through = ruler.before(first), ruler.through(last)
    if before is None or through is None:
        return f"{words} · {number(ruler.total)} tokens"
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
        return f"{doing}: {number(progress.done)}"
    if state.phase is Phase.SCANNING:
        return "reading the repository"
    return "writing the text and counting it"
