"""The one-line forms: capsule line, outline and gap lines, the line of a whole file."""

from __future__ import annotations

from collections.abc import Sequence

from engine.visible import display_path, quoted, visible_name

CAPSULE_MARK = "…"
"""Starts the line below a capsule; also what fold markers within a text start with."""

GAP_MARK = "⋯"
"""Starts a line that stands for lines which are not shown."""

_TEST = "test "
"""How the outline fragment of a test starts."""

MAX_NAMES = 6
"""Names in a file's one line."""


def capsule_line(path: str, start: int, end: int) -> str:
    """Say where the full text of a capsule is: ``… path:start-end``, without a line break."""
    return f"{CAPSULE_MARK} {display_path(path)}:{start}-{end}"


def short_count(count: int) -> str:
    """Write a count in at most four characters: ``87``, ``1.2k``, ``34k``, ``5.1M``."""
    if count < 1_000:
        return str(count)
    for unit, size in (("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)):
        if count < 999.5 * size or unit == "G":
            value = count / size
            return f"{value:.1f}{unit}".replace(".0", "") if value < 9.95 else f"{value:.0f}{unit}"
    raise AssertionError


def file_line(path: str, file_class: str, lines: int, tokens: int, names: Sequence[str] = ()) -> str:
    """Stand for a whole file in one line (level 5), without a line break.

    Args:
        path: Path as listed.
        file_class: Class of the file's main content.
        lines: Lines of the file.
        tokens: Tokens of the whole file; written short, as in ``1.2k``.
        names: The most important names; the first few are shown.

    Returns:
        For instance ``django/db/query.py code 2841L 21k: QuerySet, Prefetch``.
    """
    head = f"{quoted(path)} {file_class} {lines}L {short_count(tokens)}"
    shown = [visible for name in names[:MAX_NAMES] if (visible := visible_name(name))]
    return f"{head}: {', '.join(shown)}" if shown else head


def gap_line(start: int, end: int, head: str = "", members: Sequence[str] = ()) -> str:
    """Stand for lines that are not shown, with the names of one scope where there are any.

    Args:
        start: First line that the gap covers.
        end: Last line, inclusive.
        head: Kind and name of the scope's own chunk, or ``""``.
        members: Kinds and names of the scope's chunks, in file order; several tests (kind ``test``) are counted and
            stand last.

    Returns:
        ``⋯ 120-188``, ``⋯ 120-188 class Query: def filter, get`` or ``⋯ 9-80 class TestX: 14 tests: a, b``.
    """
    names = [visible for name in members if (visible := visible_name(name))]
    tests = [name.removeprefix(_TEST) for name in names if name.startswith(_TEST)]
    if len(tests) > 1:
        others = [name for name in names if not name.startswith(_TEST)]
        listing = ", ".join([*_kind_once(others), f"{len(tests)} tests: {', '.join(tests)}"])
    else:
        listing = ", ".join(_kind_once(names))
    return " ".join((f"{GAP_MARK} {start}-{end}", ": ".join(filter(None, (visible_name(head), listing))))).rstrip()


def _kind_once(names: Sequence[str]) -> list[str]:
    """Write a kind once for a run of names that share it: ``def a, b, class C``."""
    out: list[str] = []
    last = ""
    for name in names:
        kind, space, rest = name.partition(" ")
        single = bool(space) and " " not in rest and kind.isalpha()
        out.append(rest if single and kind == last else name)
        last = kind if single else ""
    return out
