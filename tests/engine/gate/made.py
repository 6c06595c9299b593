"""Verdicts made of few words, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.gate import FileSize, Measures, Verdict, judge, read_flags
from engine.gate.judge import growths
from engine.gate.measures import ChangedFile
from engine.model import CLASSES, ChunkClass

HOSTILE = (
    "a\nb.py", "c\rd.py", "x%0A::error::y,z:w.py", "::stop-commands::t", "##[add-mask]x", "\x1b[31mred", "t\udcff.py",
    "</failure>&\"'<![CDATA[", "nul\x00\x01\x7f\x9f", "\ufffe\uffff", "[a](http://x) | `b` **c** <img> @who",
    "日本/é.py",
    "\u202egpj.exe", "\u2028line", " blank ", "back\\slash", "http://x/y", "-rf", "a" * 3000,
)  # fmt: skip
"""Names of files that want to be something else."""


def size(path: str, tokens: int, name: ChunkClass = ChunkClass.CODE) -> FileSize:
    """A file with chunks of one class."""
    return FileSize(path, tokens, tuple(tokens if one == name else 0 for one in CLASSES))


def measured(
    files: Mapping[str, int],
    base: Mapping[str, int] | None = None,
    renamed: Mapping[str, str] | None = None,
    **more: Any,
) -> Measures:
    """A repository of files with so many tokens each."""
    changed = {}
    if base is not None:
        moved = renamed or {}
        changed = {
            path: ChangedFile(moved.get(path, path), 3)
            for path, tokens in files.items()
            if path in moved or base.get(path) != tokens
        }
        more["base"] = tuple(size(path, tokens) for path, tokens in sorted(base.items()))
    return Measures(1000, tuple(size(path, tokens) for path, tokens in sorted(files.items())), changed=changed, **more)


def verdict(measures: Measures, limits: Mapping[str, Any]) -> Verdict:
    """What rules without packs find."""
    return Verdict(
        "/root", "", "gpt-5.5", "o200k_base", "exact", 1000, "", "main" if measures.base is not None else "", "0" * 40,
        len(measures.files), measures.total_tokens, measures.base_tokens, growths(measures),
        judge(read_flags(limits), measures, ()),
    )  # fmt: skip
