"""What the first word of a statement of Python says, and what stands behind the colon of a header."""

from __future__ import annotations

import re

SIMPLE, COMMENT, FUNCTION, CLASS, BLOCK, CLAUSE, DECORATOR, ASYNC = range(8)
IMPORT, OUTCOME, ASSERT, OTHER, SOFT, TEXT, NEVER = range(8, 15)
KINDS = {
    b"#": COMMENT, b"def": FUNCTION, b"class": CLASS, b"@": DECORATOR, b"async": ASYNC,
    b"if": BLOCK, b"for": BLOCK, b"while": BLOCK, b"try": BLOCK, b"with": BLOCK,
    b"elif": CLAUSE, b"else": CLAUSE, b"except": CLAUSE, b"finally": CLAUSE,
    b"import": IMPORT, b"from": IMPORT, b"return": OUTCOME, b"raise": OUTCOME, b"yield": OUTCOME,
    b"assert": ASSERT, b"pass": OTHER, b"break": OTHER, b"continue": OTHER, b"del": OTHER, b"global": OTHER,
    b"nonlocal": OTHER, b"[": SOFT, b"print": SOFT, b"exec": SOFT, b"match": SOFT, b"case": SOFT, b"type": SOFT,
    **dict.fromkeys(b'" r b u f R B U F br rb fr rf bR Rb Br rB fR Rf Fr rF BR RB FR RF'.split(), TEXT),
    **dict.fromkeys(b"cdef cpdef ctypedef cimport ! $ % & ' ) + , / : ; < = > ? ] ^ | }".split(), NEVER),
}  # fmt: skip
"""What statements with a first word are. ``SOFT`` words have two meanings, ``NEVER`` begins no statement of Python."""
_MARK = re.compile(rb"[()\[\]{}:]|\blambda\b")


def ends_open(code: bytes, at: int, end: int) -> bool:
    """Whether a statement ends in a colon, so that a block must follow."""
    return code[at:end].rstrip(b" #\n").endswith(b":")


def behind_colon(code: bytes, at: int, end: int) -> int:
    """Where the statement behind the colon of a header starts; 0 where a block follows, -1 where that is unclear.

    Args:
        code: ``PythonText.code``.
        at: first byte of the header.
        end: byte behind its last row.
    """
    if ends_open(code, at, end):
        return 0
    depth = 0
    for found in _MARK.finditer(code, at, end):
        mark = found[0]
        if mark == b"lambda":
            return -1
        if mark in b"([{":
            depth += 1
        elif mark != b":":
            depth -= 1
        elif not depth and code[found.end()] != 61:
            return end - len(code[found.end() : end].lstrip(b" "))
    return -1
