"""Finds secrets in the text of a file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from engine.secrets.blocks import manifest_values, private_keys
from engine.secrets.keywords import Keywords
from engine.secrets.plausible import entropy, is_about, is_example, is_password, is_placeholder, is_random
from engine.secrets.rules import Rule, rules
from engine.secrets.secret import Secret

_BEFORE, _BEHIND = 128, 2_500
"""Bytes around a keyword in which its rule is tried; to the end of the line where that is near."""
_LONGEST_LINE = 8_192
_SHORTEST = 8
"""Bytes; nothing shorter holds a secret with its keyword."""
_KEPT, _LEAST_HIDDEN = 16, 8
"""Bytes of a token that say its kind and stay, at most; and what must be hidden behind them."""
_RUN = re.compile(rb"[A-Za-z0-9+/_=-]*")
_NAME = re.compile(rb"[\w.-]{0,40}\Z")


class _Found(NamedTuple):
    kind: str
    start: int
    """Where the value begins, with what of it is left."""
    spans: tuple[tuple[int, int], ...]


@cache
def _keywords() -> Keywords:
    return Keywords([(word, number) for number, rule in enumerate(rules()) for word in rule.keywords])


def find_secrets(data: bytes) -> tuple[Secret, ...]:
    """Find secrets.

    Args:
        data: Text in UTF-8.

    Returns:
        By place; no two share a byte.
    """
    if len(data) < _SHORTEST:
        return ()
    blocks = (*private_keys(data), *manifest_values(data))
    found = [_Found(kind, spans[0][0], spans) for kind, spans in blocks if spans]
    every = rules()
    for number, places in sorted(_keywords().places(data).items()):
        found += _of_rule(every[number], data, places)
    return tuple(_apart(data, found)) if found else ()


def _of_rule(rule: Rule, data: bytes, places: Sequence[int]) -> Iterator[_Found]:
    for match in _matches(rule, data, places):
        group = rule.group or next((n for n in range(1, match.re.groups + 1) if match.start(n) >= 0), 0)
        first, behind = match.span(group)
        value = data[first:behind]
        if not value or not _passes(rule, value) or (rule.names and _is_about(data, match, first)):
            continue
        yield _Found(rule.kind, first, ((first + _kept(rule, value), _whole(data, first, behind)),))


def _matches(rule: Rule, data: bytes, places: Sequence[int]) -> Iterator[re.Match[bytes]]:
    if rule.begins:
        for place in places:
            match = rule.pattern.match(data, place)
            if match:
                yield match
        return
    for start, end in _windows(data, places):
        yield from rule.pattern.finditer(data, start, end)


def _windows(data: bytes, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where to look, each byte once."""
    start = end = -1
    for place in places:
        if place < end - _BEHIND // 2:
            continue
        low = max(0, place - _BEFORE)
        high = data.find(b"\n", place + _BEHIND, place + _LONGEST_LINE)
        high = min(len(data), place + _LONGEST_LINE if high < 0 else high + 1)
        if low <= end:
            end = high
            continue
        if end >= 0:
            yield start, end
        start, end = low, high
    if end >= 0:
        yield start, end


def _passes(rule: Rule, value: bytes) -> bool:
    if rule.entropy and entropy(value) < rule.entropy:
        return False
    if rule.test == "kind":
        return not is_example(value) and not rule.allowed(value)
    if is_placeholder(value):
        return False
    if rule.test == "random":
        return is_random(value)
    return rule.test == "any" or is_password(value)


def _is_about(data: bytes, match: re.Match[bytes], first: int) -> bool:
    """Whether the name before a value, with what is left of the keyword, is of something else."""
    before = _NAME.search(data, max(0, match.start() - 40), match.start())
    return is_about((before.group() if before else b"") + data[match.start() : first])


def _kept(rule: Rule, value: bytes) -> int:
    """How many bytes at the beginning of a value only say of which kind it is."""
    lower = value.lower()
    most = max((len(word) for word in rule.keywords if lower.startswith(word)), default=0)
    return most if most <= _KEPT and len(value) - most >= _LEAST_HIDDEN and rule.test == "kind" else 0


def _whole(data: bytes, first: int, behind: int) -> int:
    """The end of a value, with what of a longer run of its characters a pattern left out."""
    if behind - first < 16 or not data[behind - 1 : behind].isalnum() or not data[behind : behind + 1].isalnum():
        end = behind
    else:
        run = _RUN.match(data, behind)
        end = run.end() if run else behind
    while end < len(data) and data[end] & 0xC0 == 0x80:  # never inside a character
        end += 1
    return end


def _apart(data: bytes, found: Sequence[_Found]) -> Iterator[Secret]:
    """One secret for each place, never less than any rule would hide; it has the kind of the rule that came first."""
    starts = [0]
    while (at := data.find(b"\n", starts[-1])) >= 0:
        starts.append(at + 1)
    held: list[tuple[int, _Found]] = []
    for number in sorted(range(len(found)), key=lambda number: (found[number].start, number)):
        one = found[number]
        if not held or one.start >= held[-1][1].spans[-1][1]:
            held.append((number, one))
            continue
        (_, first), (_, other) = pair = sorted((held[-1], (number, one)), key=lambda item: item[0])
        # What the first leaves of its beginning only says of which kind it is.
        shown = first.spans[0][0] if first.start <= other.start else -1
        spans = _joined((*first.spans, *((max(a, shown), b) for a, b in other.spans if b > shown)))
        held[-1] = (pair[0][0], _Found(first.kind, min(first.start, other.start), spans))
    for _, one in held:
        yield Secret(one.kind, bisect_right(starts, one.spans[0][0]), one.spans)


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return tuple(out)
