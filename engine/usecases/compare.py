"""Two packs side by side: what enters, what leaves, what changes level.

Only reports are compared, so any two packs can be: of other models, budgets, profiles, queries or revisions. Chunks of
a file that is unchanged are told by their lines; of one that changed by kind and name, and where those repeat by their
size and then their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from engine.model import Level
from engine.usecases.compare_match import Item, pairs

if TYPE_CHECKING:
    from engine.usecases.pack import Packed

Change = Literal["enters", "leaves", "deeper", "fuller"]

_FILE = "file"
"""Kind of the item that stands for a file shown as one line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One chunk, or one file shown as a line, that differs between two packs."""

    change: Change
    """``enters`` or ``leaves`` the pack, or is shown ``deeper`` or ``fuller`` on the right."""
    path: str
    start_line: int
    """First line, on the right where it is there, else on the left."""
    end_line: int
    symbol: str
    chunk_class: str
    level_left: int
    """0-4; 5 when only its file's line is there; 6 when nothing of it is, or it does not exist there."""
    level_right: int
    tokens_left: int
    """Tokens on the left; 0 at levels 5 and 6, but a file's line has its own."""
    tokens_right: int
    value: float
    """Value of the chunk on the right where it is there, else on the left."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with ``class`` for the class."""
        row = asdict(self)
        return {"class" if key == "chunk_class" else key: value for key, value in row.items()}


@dataclass(frozen=True, slots=True)
class Side:
    """Totals of one of the packs; the numbers are its report's."""

    model: str
    method: str
    profile: str
    query: str
    revision: str
    budget: int
    actual: int
    quality: float
    chunks: int
    """Chunks with text, levels 0-4."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two packs."""

    left: Side
    right: Side
    rows: tuple[Difference, ...]
    """The largest change of tokens first, then by path and line."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data: ``left``, ``right``, ``changes`` (rows for each kind of change) and ``rows``."""
        return {
            "left": asdict(self.left),
            "right": asdict(self.right),
            "changes": self.changes(),
            "rows": [row.as_dict() for row in self.rows],
        }

    def changes(self) -> dict[str, int]:
        """How many rows there are of each kind of change."""
        return {
            change: sum(row.change == change for row in self.rows)
            for change in ("enters", "leaves", "fuller", "deeper")
        }


def compare(left: Packed, right: Packed, unchanged: Container[str] | None = None) -> Comparison:
    """Compare two packs of a repository.

    Args:
        left: A pack.
        right: Another.
        unchanged: Paths, as reports write them, of the files with the same content in both; None for all of them,
            which is so for packs of one scan.
    """
    return compare_reports(left.report, right.report, unchanged)


def compare_reports(
    left: Mapping[str, Any], right: Mapping[str, Any], unchanged: Container[str] | None = None
) -> Comparison:
    """Compare two packs by their reports; arguments as for ``compare``."""
    rows = list(_rows(_by_path(left["items"]), _by_path(right["items"]), unchanged))
    rows.sort(key=lambda row: (-abs(row.tokens_right - row.tokens_left), row.path, row.start_line))
    return Comparison(_side(left), _side(right), tuple(rows))


def _side(report: Mapping[str, Any]) -> Side:
    return Side(
        model=report["model"],
        method=report["method"],
        profile=report["profile"],
        query=report["query"],
        revision=report.get("revision", ""),
        budget=report["budget"],
        actual=report["actual"],
        quality=report["quality"],
        chunks=sum(item["level"] < Level.EMERGENCY for item in report["items"]),
    )


def _by_path(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        found[item["path"]].append(item)
    return found


def _rows(
    left: Mapping[str, list[Item]], right: Mapping[str, list[Item]], unchanged: Container[str] | None
) -> Iterator[Difference]:
    nothing: list[Item] = []
    for path in dict.fromkeys((*left, *right)):
        was, now = left.get(path, nothing), right.get(path, nothing)
        if _is_line(was) and _is_line(now):
            continue
        if (not was and _is_line(now)) or (not now and _is_line(was)):
            yield from _difference(was[0] if was else None, now[0] if now else None, Level.OMITTED)
            continue
        # A chunk without an item is part of its file's line, if there is one.
        absent = Level.EMERGENCY if _is_line(was) or _is_line(now) else Level.OMITTED
        same = unchanged is None or path in unchanged
        for one, other in pairs([] if _is_line(was) else was, [] if _is_line(now) else now, same):
            yield from _difference(one, other, absent)


def _is_line(items: list[Item]) -> bool:
    return len(items) == 1 and items[0]["kind"] == _FILE


def _difference(left: Item | None, right: Item | None, absent: int) -> Iterator[Difference]:
    item = right or left
    assert item is not None
    was, now = (absent if side is None else side["level"] for side in (left, right))
    if was == now:
        return
    gone = Level.OMITTED
    yield Difference(
        change="enters" if was == gone else "leaves" if now == gone else "deeper" if now > was else "fuller",
        path=item["path"],
        start_line=item["start_line"],
        end_line=item["end_line"],
        symbol=item["symbol"],
        chunk_class=item["class"],
        level_left=int(was),
        level_right=int(now),
        tokens_left=left["tokens"] if left else 0,
        tokens_right=right["tokens"] if right else 0,
        value=item["value"],
    )
