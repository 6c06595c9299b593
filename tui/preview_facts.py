"""What is said about a selected place around its text, from the columns alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.live import Chart, Excerpt, LivePack
from tui.state import Place
from tui.text import mark, number, percent, short_path


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A file or chunk in numbers."""

    path: str
    """As listed."""
    lines: str
    """Line range of a chunk, or ``""``."""
    costs: tuple[int, ...]
    """Tokens at levels 0 to 4."""
    kept: tuple[float, ...]
    """Share of the information that levels 0 to 4 keep; a file's chunks count by their tokens."""
    packed: int
    """Level in the pack: 6 is omitted, -1 when chunks have several."""
    packed_tokens: int
    """Tokens in the pack, headers not counted."""
    packed_kept: float
    levels: bytes
    """Level of each chunk in the pack, to see whether it changed."""


def place_facts(chart: Chart | None, pack: LivePack | None, place: Place | None) -> PlaceFacts | None:
    """Gather what is known of a place; None for folders, and for places that are not there."""
    if chart is None or place is None or not 0 <= place.file < len(chart.columns.files):
        return None
    columns = chart.columns
    if place.chunk is None:
        first, end = (int(edge) for edge in np.searchsorted(columns.file, [place.file, place.file + 1]))
    else:
        first, end = place.chunk, place.chunk + 1
    if end > columns.chunks:
        return None
    rows = slice(first, end)
    tokens, retention = columns.tokens[rows].astype(np.int64), columns.retention[rows]
    weight = tokens[:, 0] / max(1, int(tokens[:, 0].sum()))
    levels = pack.levels[rows] if pack is not None else np.zeros(end - first, dtype=np.int8)
    same = len(set(levels.tolist())) == 1
    kept = np.column_stack([retention, np.zeros(len(retention))])
    return PlaceFacts(
        path=columns.files[place.file].path,
        lines="" if place.chunk is None else f"{columns.start_line[first]}-{columns.end_line[first]}",
        costs=tuple(int(cost) for cost in tokens.sum(axis=0)),
        kept=tuple(float(share) for share in weight @ retention)[:5],
        packed=int(levels[0]) if same else -1,
        packed_tokens=int(pack.tokens[rows].sum()) if pack is not None else int(tokens[:, 0].sum()),
        packed_kept=float(weight @ kept[np.arange(len(levels)), levels]) if len(levels) else 0.0,
        levels=levels.tobytes(),
    )


def title(facts: PlaceFacts | None, excerpt: Excerpt | None, level: int | None, width: int) -> str:
    """Write ``path:lines  ▅ condensed``."""
    if facts is None:
        return "Preview"
    shown = level if level is not None else facts.packed
    known = "as packed, several levels" if shown < 0 else f"{mark(shown).glyph} {mark(shown).letter} {mark(shown).name}"
    lines = f":{facts.lines}" if facts.lines else ""
    return f"{short_path(facts.path, max(8, width - len(lines) - len(known) - 3))}{lines} · {known}"


def subtitle(facts: PlaceFacts | None, excerpt: Excerpt | None, level: int | None, width: int) -> str:
    """Write ``412 of 1,203 tokens · 81.2 % kept``."""
    if facts is None:
        return ""
    if level is None:
        tokens, kept = facts.packed_tokens, facts.packed_kept
    else:
        tokens, kept = facts.costs[level], facts.kept[level]
    words = f"{number(tokens)} of {number(facts.costs[0])} tokens"
    return f"{words} · {percent(kept)} kept" if width >= 40 else words


def empty_words(facts: PlaceFacts | None) -> str:
    """Say why there is no text, and which key gives some."""
    if facts is None:
        return "nothing to show\n\n↑ ↓ go to a file or chunk in the tree"
    return "not in the pack\n\n0 shows it in full, 1 to 4 with less and less of it"
