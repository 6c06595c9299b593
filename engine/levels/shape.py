"""Says in one line what bulk text looks like: columns and rows, keys and counts, else its size and first words.

Only bounded prefixes are looked at closely; counts over the whole chunk are single scans in C. Names of columns and
keys are the only repository text in the result, and they are in the chunk.
"""

from __future__ import annotations

import re

from engine.chunk.spans import Span
from engine.levels.ladder import MARKER

_PREFIX_BYTES = 4096
NAME_LIMITS = (12, 4, 0)
"""Names of columns or keys that a shape lists, the fewer the smaller it has to be."""

_NAME_CHARS = 40
_HEAD_CHARS = 60
_json_key = re.compile(rb'\n([ \t]*)"((?:[^"\\\n]|\\.){1,100})"[ \t]*:')
_json_token = re.compile(rb'"((?:[^"\\]|\\.)*)"[ \t\r\n]*(:?)|[\[{]|[\]}]')
# Other languages have lines with equal numbers of commas, and text that begins with a brace, for their own reasons.
_TABLES = frozenset({"csv", "text"})
_JSON = frozenset({"json", "text"})
_controls = dict.fromkeys((*range(32), *range(127, 160)))


def size_line(lines: int, size_bytes: int) -> str:
    """``1,204 lines, 88 KB`` (KB = 1,000 bytes)."""
    size = f"{size_bytes:,} B" if size_bytes < 1000 else f"{size_bytes / 1000:,.0f} KB"
    return f"{lines:,} line{'s' if lines != 1 else ''}, {size}"


def shape(data: bytes, starts: list[int], language: str, span: Span, most: int) -> str:
    """One line, marker first, newline last, about the chunk, with at most ``most`` names of columns or keys."""
    start, end = starts[span.start], starts[span.end]
    lines = span.end - span.start
    size = size_line(lines, end - start)
    prefix = data[start : min(end, start + _PREFIX_BYTES)]
    if span.start == 0:
        said = _table(prefix, lines, most) if language in _TABLES else ""
        if said or (language in _JSON and (said := _json(data, prefix, start, end, most))):
            return f"{MARKER} {said}; {size}\n"
    head = prefix.lstrip().partition(b"\n")[0]
    return f"{MARKER} {size}: {_clean(head, _HEAD_CHARS)}\n"


def _table(prefix: bytes, lines: int, most: int) -> str:
    """Columns and rows where the first lines have the same number of tabs or commas."""
    head = prefix.split(b"\n", 3)
    if len(head) > 3 or len(prefix) == _PREFIX_BYTES:
        head.pop()  # the rest, or a line that the prefix cuts
    if lines < 2 or len(head) < 2 or prefix.lstrip()[:1] in (b"{", b"[", b"<"):
        return ""
    for mark, kind in ((b"\t", "TSV"), (b",", "CSV"), (b";", "CSV"), (b"|", "CSV")):
        columns = head[0].count(mark)
        others = [line.count(mark) for line in head[1:] if line.strip()]
        # Quoted fields may hold the mark, so later rows may have more of it; a sentence would differ at once.
        quoted = any(b'"' in line for line in head[1:])
        if columns and others and all(n == columns or (quoted and n > columns) for n in others):
            names = [_clean(name.strip(b' "'), _NAME_CHARS) for name in head[0].split(mark)]
            return f"{kind}, {columns + 1} columns{_list(names, columns + 1, most)}, {lines - 1:,} rows"
    return ""


def _json(data: bytes, prefix: bytes, start: int, end: int, most: int) -> str:
    body = prefix.lstrip()
    opener = body[:1]
    if opener not in (b"{", b"["):
        return ""
    first = re.match(rb"[\[{][ \t\r]*\n([ \t]+)\S", body)
    if first:  # laid out: elements of the top level are the lines with its indentation
        indent = b"\n" + first[1]
        if opener == b"[":
            kinds = sum(data.count(indent + bytes([mark]), start, end) for mark in b'{["-0123456789tfn')
            return f"JSON array, {kinds:,}+ items"  # there may be several on a line
        names = [m[2] for m in _json_key.finditer(body) if m[1] == first[1]]
        count = data.count(indent + b'"', start, end)
        return f"JSON object, {count:,}+ keys{_list([_clean(n, _NAME_CHARS) for n in names], count, most)}"
    if opener == b"[":
        return "JSON array"
    keys, depth = [], 0
    for token in _json_token.finditer(body):
        mark = token[0][:1]
        if mark == b'"':
            if depth == 1 and token[2]:
                keys.append(_clean(token[1], _NAME_CHARS))
        else:
            depth += 1 if mark in b"[{" else -1
    return f"JSON object{_list(keys, len(keys), most)}"


def _list(names: list[str], count: int, most: int) -> str:
    shown = [name for name in names[:most] if name]
    return f" ({', '.join(shown)}{f', {MARKER}' if count > most else ''})" if shown else ""


def _clean(text: bytes, most: int) -> str:
    line = text[: most * 4].decode("utf-8", "ignore").translate(_controls).strip()
    return line if len(line) <= most else line[: most - 1] + MARKER
