"""What a pack showed and what became of it: places, levels and marks, never a word of the text or the query."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model import CLASSES, ChunkClass
from engine.profiles.learning import Observation
from engine.profiles.learning_truth import learning_numbers

MARKS = ("expanded", "cited", "edited", "useful", "useless")
"""What may become of a place."""
MOST_PLACES = 4_000
"""Places of a pack that are kept, the most valuable levels first."""
_KEY = re.compile(r"[0-9a-f]{8,64}")
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A chunk with text, or a file shown as one line."""

    path: str
    """Relative to the root."""
    blob_id: str
    """Git object id of the file that was packed."""
    start_line: int
    end_line: int
    level: int
    """0-4, or 5 for a file's line."""
    name: ChunkClass


@dataclass(frozen=True, slots=True)
class ShownPack:
    """A pack as it was made."""

    pack_id: str
    """In hex; the key of the pack in the telemetry."""
    at: datetime.datetime
    """Aware."""
    repository: str
    """Identity of the repository."""
    root: str
    """Absolute path that places are relative to."""
    revision: str
    model: str
    profile: str
    budget_tokens: int
    actual_tokens: int
    asks: bool
    """Whether there was a query."""
    expected: Mapping[ChunkClass, float]
    """Share of the value of what was in scope, by class."""
    places: tuple[ShownPlace, ...]
    sent_tokens: int | None = None
    """What the provider counted for the prompt it was in, where somebody says so."""
    output_tokens: int | None = None
    """Length of the answer, likewise."""

    def place_at(self, path: str, start_line: int, end_line: int) -> ShownPlace | None:
        """The shortest place that lines of a file touch; any of the file's for line 0."""
        here = [one for one in self.places if one.path == path]
        near = [one for one in here if not start_line or (one.start_line <= end_line and start_line <= one.end_line)]
        return min(near, key=lambda one: one.end_line - one.start_line, default=None)


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a place that a pack named."""

    what: str
    """One of ``MARKS``."""
    path: str
    start_line: int
    """0 for the whole file."""
    end_line: int
    at: datetime.datetime
    """Aware."""
    name: ChunkClass
    """Class of the place."""
    level: int
    """Level that it was shown at."""


def observation_of(pack: ShownPack, marks: Iterable[Mark]) -> Observation | None:
    """What a pack and its marks say about the weights it was made with; None where nothing is known.

    Wanted places are observed against what the weights expected; places that were of no use are expectations of their
    class that came to nothing.
    """
    votes: Mapping[str, float] = learning_numbers()["evidence"]["votes"]
    wanted: dict[ChunkClass, float] = {}
    idle: dict[ChunkClass, float] = {}
    for mark in marks:
        vote = votes[mark.what]
        side = wanted if vote > 0 else idle
        side[mark.name] = side.get(mark.name, 0.0) + abs(vote)
    total = sum(wanted.values()) + sum(idle.values())
    if not total:
        return None
    part = sum(wanted.values()) / total
    expected = {name: part * share for name, share in pack.expected.items() if part}
    for name, vote in idle.items():
        expected[name] = expected.get(name, 0.0) + vote / total
    return Observation({name: vote / total for name, vote in wanted.items()}, expected)


def places_json(places: Sequence[ShownPlace]) -> list[list[Any]]:
    """Places by file, compact: ``[path, blob, [start, end, level, class, …]]``."""
    files: dict[tuple[str, str], list[int]] = {}
    for one in places:
        row = (one.start_line, one.end_line, one.level, CLASSES.index(one.name))
        files.setdefault((one.path, one.blob_id), []).extend(row)
    return [[path, blob, rows] for (path, blob), rows in files.items()]


def places_from_json(values: Any) -> tuple[ShownPlace, ...]:
    """Read what ``places_json`` wrote.

    Raises:
        ValueError: it is something else.
        TypeError: likewise.
    """
    found: list[ShownPlace] = []
    for path, blob, rows in values:
        if not isinstance(path, str) or not isinstance(blob, str) or len(rows) % 4:
            raise ValueError(path)
        for at in range(0, len(rows), 4):
            start, end, level, number = (_count(value) for value in rows[at : at + 4])
            if level > 5 or number >= len(CLASSES):
                raise ValueError(level)
            found.append(ShownPlace(path, blob, start, end, level, CLASSES[number]))
    return tuple(found[:MOST_PLACES])


def pack_json(pack: ShownPack) -> dict[str, Any]:
    """A pack as plain data."""
    return {
        "pack_id": pack.pack_id,
        "at": pack.at.isoformat(),
        **{name: getattr(pack, name) for name in (*_TEXTS, *_COUNTS)},
        "asks": pack.asks,
        "expected": {name.value: round(share, 6) for name, share in pack.expected.items()},
        "places": places_json(pack.places),
    }


def pack_from_json(values: Mapping[str, Any]) -> ShownPack:
    """Read what ``pack_json`` wrote.

    Raises:
        ValueError: it is something else.
        TypeError: likewise.
        KeyError: likewise.
    """
    if not _KEY.fullmatch(values["pack_id"]) or not all(isinstance(values[name], str) for name in _TEXTS):
        raise ValueError("pack")
    at = datetime.datetime.fromisoformat(values["at"])
    if at.tzinfo is None:
        raise ValueError("at")
    expected = {ChunkClass(name): min(1.0, max(0.0, float(share))) for name, share in values["expected"].items()}
    known: dict[str, Any] = {name: values[name] for name in _TEXTS}
    known |= {name: _count(values[name]) for name in _COUNTS}
    places = places_from_json(values["places"])
    return ShownPack(
        pack_id=values["pack_id"], at=at, asks=bool(values["asks"]), expected=expected, places=places, **known
    )  # fmt: skip


_TEXTS = ("repository", "root", "revision", "model", "profile")
_COUNTS = ("budget_tokens", "actual_tokens")


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError(value)
    return value
