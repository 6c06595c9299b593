"""What is asked of the packer and what it answers: plain data, no computing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, Columns, Floats, Ints
from engine.model import ChunkClass

Levels = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

NO_PIN = -1
"""Value of ``Problem.pins`` for a chunk that is free."""

OUTLINE, LINE, OMITTED = 4, 5, 6
"""Levels as plain integers, for arrays: named on one line of its scope, part of its file's line, absent."""


@dataclass(slots=True)
class Frame:
    """Tokens that a pack spends on something else than the text of chunks."""

    fixed_tokens: int
    """Legend, wrappers and everything paid even by a pack of one line."""
    header_tokens: Ints
    """(m,) header of a file, paid once when any of its chunks is shown at level 0-4."""
    tree_tokens: Ints
    """(m,) entry of a shown file in the directory tree, paid together with the header."""
    line_tokens: Ints
    """(m,) the file's one line, paid when nothing of the file but this line is shown."""
    outline_scope_tokens: Ints
    """(m,) framing of outline lines, paid once when any chunk of the file is at level 4."""

    @classmethod
    def of(cls, columns: Columns, fixed_tokens: int = 0, header_extra: int = 0, outline_tokens: int = 0) -> Frame:
        """Frame with headers of path plus ``header_extra`` tokens, and no separate tree entries."""
        files = len(columns.files)
        return cls(
            fixed_tokens=fixed_tokens,
            header_tokens=(columns.path_tokens + header_extra).astype(np.int32),
            tree_tokens=np.zeros(files, dtype=np.int32),
            line_tokens=columns.line_tokens,
            outline_scope_tokens=np.full(files, outline_tokens, dtype=np.int32),
        )


@dataclass(slots=True)
class Problem:
    """One request to the packer. Arrays are read-only by convention."""

    columns: Columns
    """The scanned repository."""
    relevance: Floats
    """(n,) relevance of a chunk for the request, 0 or more; the class weight is applied on top."""
    frame: Frame
    """What a pack spends beside chunks."""
    weights: Mapping[ChunkClass, float] = field(default_factory=dict)
    """Weight of a class, 0 or more; 1 when not named."""
    shares: Mapping[ChunkClass, tuple[float, float]] = field(default_factory=dict)
    """Minimum and maximum fraction of the budget for the text of a class; (0, 1) when not named."""
    deepest: Mapping[ChunkClass, int] = field(default_factory=dict)
    """Deepest level (0-5) that chunks of a class may be shown at; below it they are omitted. 5 when not named."""
    pins: Levels | None = None
    """(n,) level that a chunk must have, or ``NO_PIN``; a pin wins over every other wish but the budget."""
    excluded: Mask | None = None
    """(n,) chunks that must be omitted and are out of scope; wins over a pin."""

    def class_weights(self) -> Floats:
        """Weights as an array by class index."""
        return np.array([max(0.0, float(self.weights.get(name, 1.0))) for name in CLASSES])

    def values(self) -> Floats:
        """(n,) relevance times class weight."""
        return np.asarray(self.relevance * self.class_weights()[self.columns.chunk_class], dtype=np.float64)

    def deepest_levels(self) -> Ints:
        """(n,) deepest level each chunk may be shown at."""
        by_class = np.array([int(self.deepest.get(name, LINE)) for name in CLASSES], dtype=np.int32)
        return by_class[self.columns.chunk_class]

    def excluded_mask(self) -> Mask:
        """(n,) chunks that are out of scope."""
        if self.excluded is None:
            return np.zeros(self.columns.chunks, dtype=np.bool_)
        return self.excluded

    def pin_levels(self) -> Levels:
        """(n,) pins, with those of excluded chunks dropped."""
        if self.pins is None:
            return np.full(self.columns.chunks, NO_PIN, dtype=np.int8)
        return np.where(self.excluded_mask(), np.int8(NO_PIN), self.pins).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Solution:
    """A level for each chunk."""

    budget_tokens: int
    """The budget that was solved for."""
    levels: Levels
    """(n,) level 0-6 of each chunk; 6 is omitted."""
    est_used: int
    """Tokens of the pack by cached counts, frame included; never more than the budget."""
    value: float
    """Sum of value times retention."""
    bound: float
    """No pack within the budget that keeps the shares is worth more: the Lagrangian bound over every way to keep the
    core rule."""
    cut: float
    """Value per token at which the budget ran out; 0 when everything fits."""
    quality: float
    """Value-weighted retention over everything in scope, 0-1."""

    @property
    def gap(self) -> float:
        """How far the value can be below the optimum at most, as a fraction of the bound."""
        return max(0.0, (self.bound - self.value) / self.bound) if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Alternative:
    """The whole scope with everything at one level."""

    level: int
    tokens: int
    """Tokens of such a pack by cached counts, frame included."""
    value: float
    quality: float
    """Value-weighted retention, 0-1."""
