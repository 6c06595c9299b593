"""Secrets that run over lines: private keys, and the values of Kubernetes secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from engine.secrets.plausible import is_placeholder

Found = tuple[str, tuple[tuple[int, int], ...]]
"""Kind and byte ranges."""

_KEY = re.compile(
    rb"-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----"
    rb"(?P<body>[^-]{40,65536}(?:-(?!----)[^-]{0,4096}){0,64})"
)
_PUTTY = re.compile(rb"Private-Lines:[ \t]*\d+(?P<body>(?:\r?\n[A-Za-z0-9+/=]{1,100})+)")
_KEY_TEXT = re.compile(rb"\\[nrt]|(?P<said>(?:[^\\\s\"',]|\\(?![nrt]))+)")
"""What of a key's lines says something: no white space, no escapes for it, no quotes of source code."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s\\]{40}")

_MANIFEST = re.compile(rb"^[ \t]*kind:[ \t]*[\"']?Secret[\"']?[ \t]*\r?$", re.MULTILINE)
_DIVIDER = re.compile(rb"^---", re.MULTILINE)
_DATA = re.compile(
    rb"^(?P<indent>[ \t]*)(?:data|stringData):[ \t]*\r?\n(?P<body>(?:(?P=indent)[ \t]+[^\n]*\n?|[ \t]*\r?\n)+)",
    re.MULTILINE,
)
_ENTRY = re.compile(rb"^(?P<indent>[ \t]+)[\"']?[\w./-]+[\"']?:[ \t]*(?P<value>[^\n]*?)[ \t]*\r?$", re.MULTILINE)
_BLOCK_SCALAR = re.compile(rb"[|>][+-]?\d?")
_LINE = re.compile(rb"[^\s][^\r\n]*")


def private_keys(data: bytes) -> Iterator[Found]:
    """Bodies of private keys in PEM, OpenPGP and PuTTY form, also where escapes stand for their line breaks."""
    if b"PRIVATE KEY" in data:
        for match in _KEY.finditer(data):
            start, end = match.span("body")
            if _BASE64.search(data, start, end) is None:
                continue
            spans = _said(data, start, end)
            if sum(b - a for a, b in spans) >= 40:
                yield "private-key", spans
    if b"Private-Lines:" in data:
        for match in _PUTTY.finditer(data):
            yield "private-key", _said(data, *match.span("body"))


def _said(data: bytes, start: int, end: int) -> tuple[tuple[int, int], ...]:
    return tuple(text.span("said") for text in _KEY_TEXT.finditer(data, start, end) if text["said"])


def manifest_values(data: bytes) -> Iterator[Found]:
    """Values below ``data`` and ``stringData`` of a Kubernetes secret."""
    if b"Secret" not in data or b"ata:" not in data:
        return
    ends = [*(divider.start() for divider in _DIVIDER.finditer(data)), len(data)]
    for start, end in pairwise([0, *ends]):
        if _MANIFEST.search(data, start, end):
            for block in _DATA.finditer(data, start, end):
                yield from _values(data, *block.span("body"))


def _values(data: bytes, start: int, end: int) -> Iterator[Found]:
    at = start
    while entry := _ENTRY.search(data, at, end):
        at = entry.end() + 1
        first, behind = entry.span("value")
        value = entry["value"]
        if _BLOCK_SCALAR.fullmatch(value):
            spans = []
            indent = len(entry["indent"])
            while at < end:
                stop = data.find(b"\n", at, end)
                stop = end if stop < 0 else stop
                line = data[at:stop]
                if line.strip() and len(line) - len(line.lstrip()) <= indent:
                    break
                spans += [text.span() for text in _LINE.finditer(data, at, stop)]
                at = stop + 1
            if spans:
                yield "kubernetes-secret", tuple(spans)
            continue
        if value[:1] in (b'"', b"'") and value[-1:] == value[:1] and len(value) > 1:
            first, behind = first + 1, behind - 1
        inner = data[first:behind]
        if len(inner) >= 4 and not is_placeholder(inner):
            yield "kubernetes-secret", ((first, behind),)
