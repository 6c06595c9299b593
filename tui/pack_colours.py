"""Which language stands where in the text of a pack, and which lines are the pack's own."""

from __future__ import annotations

from collections.abc import Sequence

from engine.live import Chart
from engine.visible import display_path
from tui.document import Document
from tui.highlight import Section
from tui.pack_outline import PackedFile


def pack_colours(
    document: Document, files: Sequence[PackedFile], chart: Chart | None
) -> tuple[list[Section], list[int]]:
    """Give stretches of lines their languages, and find the lines that stand around files.

    A pack of one line (json) has neither.
    """
    languages = {display_path(file.path): file.language for file in chart.columns.files} if chart is not None else {}
    sections: list[Section] = []
    frames: list[int] = []
    for one in files if len(document) > 1 else ():
        head, body, end = (document.line_at(offset) for offset in (one.offset, one.body, one.end))
        sections += [(body, languages.get(one.path, "")), (end, "")]
        frames += range(head, body)
        if end < len(document) and one.end < len(document.text):
            frames.append(end)
    return sections, frames
