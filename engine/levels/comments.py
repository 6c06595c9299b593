"""Depths of a chunk that is commentary: its first sentence, its first paragraph, the rest.

Found in the text, not in roles: ordinary comments and licences have one role for all of their lines.
"""

from __future__ import annotations

import re

from engine.chunk.spans import Role

_LAYOUT = frozenset({Role.BLANK, Role.DECORATION})
# A full stop and what may close a comment or a quotation behind it; `e.g.` ends no line sooner than its own.
_sentence_end = re.compile(rb"[.!?](?=[\s\"')\]*`}<]|$)|\xe3\x80\x82").search


def comment_depths(
    data: bytes, starts: list[int], counts: list[int], roles: bytes, first: int, end: int, table: bytes
) -> bytearray:
    """Depth of every line in ``first:end``: 3 up to where the first sentence ends, 2 for the rest of its paragraph.

    Args:
        data: text of the file.
        starts: offset of every line.
        counts: words per line of the file; a line without words ends a paragraph.
        roles: one role per line of the file.
        first: first line of the chunk.
        end: line behind the chunk.
        table: role -> 0 for layout that level 1 drops, else 1.
    """
    depths = bytearray(roles[first:end].translate(table))
    begin = first
    while begin < end and (not counts[begin] or roles[begin] in _LAYOUT):
        begin += 1
    stop = begin
    while stop < end and counts[stop] and roles[stop] not in _LAYOUT:
        stop += 1
    if begin == stop:
        return depths
    found = _sentence_end(data, starts[begin], starts[stop])
    sentence = begin + 1 + data.count(b"\n", starts[begin], found.start()) if found else stop
    depths[begin - first : sentence - first] = b"\x03" * (sentence - begin)
    depths[sentence - first : stop - first] = b"\x02" * (stop - sentence)
    return depths
