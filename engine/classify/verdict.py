"""The two answers of classification: one for a path, one for a chunk."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model import ChunkClass


@dataclass(frozen=True, slots=True)
class FileClass:
    """What a path alone says about the file. Part of the key of a cached analysis."""

    chunk_class: ChunkClass
    """Class of every chunk that no chunk rule claims."""
    rule_id: str
    """Id of the path rule that decided."""
    whole: bool
    """The file is taken as one chunk and never parsed: data, generated, vendored and lock files."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one chunk is, and by which rule."""

    chunk_class: ChunkClass
    """Class of the chunk."""
    rule_id: str
    """Id of the rule that decided; ``reason`` puts it in words."""
