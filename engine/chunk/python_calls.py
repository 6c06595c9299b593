"""Where expressions start that call a name: ``a`` of ``a.b(c)[0].d(e)``, as the call of ``d`` starts there too."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Set

# The text is searched backwards, where a name is what follows its bracket.
_CALL = re.compile(rb"\((\s*)(\w[\w.]*)(\s*\.(?!\.|\d+(?!\w)))?")
_BRACKET = re.compile(rb"[()\[\]{}]")
_MARK = re.compile(rb"[()\[\]{},]")
_SPREAD = re.compile(rb"(?:((?<![\w)\]])[\[{])|\[|=|\b(?:return|in|yield))[\s#]*\*\Z")
_DOTTED = re.compile(rb"\w[\w.]*")
_NOT_NAMES = frozenset(
    b"and as assert async await del elif else except for from if import in is lambda not or raise return while with "
    b"yield".split()
)
_SKIPPED = b" \n#"


def call_starts(code: bytes, defined: Set[int], ends: Mapping[int, int]) -> list[list[int]]:
    """Bytes where an expression starts that calls a name, those that call the same one together.

    Args:
        code: ``PythonText.code``.
        defined: where names of functions and classes start that are being defined.
        ends: ``PythonText.ends``.
    """
    size = len(code)
    backwards = code[::-1]
    alike: defaultdict[bytes, list[int]] = defaultdict(list)
    chained: list[tuple[int, int]] = []
    for found in _CALL.finditer(backwards):
        blank, name, dot = found.groups()
        start = size - found.end(2)
        if name[-1] == 46 or dot:
            chained.append((size - found.end(), start))
        elif start not in defined and name[::-1] not in _NOT_NAMES and (not blank or b"\n" not in blank):
            alike[name].append(start)
    starts = list(alike.values())
    known: dict[int, int] = {}
    quoted = {end: start for start, end in ends.items()} if chained else {}
    for dot_at, start in reversed(chained):
        begin = _chain_start(code, backwards, dot_at if code[start] != 46 else start, known, quoted)
        known[start] = begin
        if begin >= 0:
            starts.append([begin])
    return starts


def spreads(code: bytes, start: int) -> bool:
    """Whether a call with a star before it may stand alone in its list: the grammar then calls what is unpacked."""
    found = _SPREAD.search(code, max(0, start - 200), start)
    if found is None:
        return False
    if found[1]:
        depth = 0
        for mark in _MARK.finditer(code, start):
            if mark[0] in b")]}":
                depth -= 1
                if depth < 0:
                    return True
            elif mark[0] != b",":
                depth += 1
            elif not depth:
                return False
    return True


def _chain_start(code: bytes, backwards: bytes, dot: int, known: Mapping[int, int], quoted: Mapping[int, int]) -> int:
    """First byte of the expression that goes on with the dot at ``dot``; -1 where it starts with no name."""
    size = len(code)
    at = dot
    while True:
        while at > 0 and code[at - 1] in _SKIPPED:
            at -= 1
        last = code[at - 1] if at else 0
        if last in b")]":
            depth = 0
            for bracket in _BRACKET.finditer(backwards, size - at):
                depth += 1 if bracket[0] in b")]}" else -1
                if not depth:
                    break
            else:
                return -1
            at = size - bracket.end()
            while at > 0 and code[at - 1] == 32:
                at -= 1
            if at and code[at - 1] in b")]":
                continue
        found = _DOTTED.match(backwards, size - at)
        if found is None:
            start = quoted.get(at, -1)
            while start > 0:
                # Strings that stand side by side are one.
                before = start
                while before > 0 and code[before - 1] in _SKIPPED:
                    before -= 1
                if before not in quoted:
                    break
                start = quoted[before]
            # A prefix may be taken for a name, a quote is none.
            return start if start >= 0 and code[start] != 34 else -1
        name = found[0]
        start = size - found.end()
        if start in known:
            return known[start]
        if name[-1] == 46:
            at = start
            continue
        behind = start
        while behind > 0 and code[behind - 1] in _SKIPPED:
            behind -= 1
        if behind and code[behind - 1] == 46:
            at = behind - 1
            continue
        if name[::-1] in _NOT_NAMES:
            return -1
        return start
