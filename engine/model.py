"""The words that everything speaks: frozen, slotted dataclasses and enumerations.

Nothing here computes. Bulk data travels as columns (``engine.scan.columns``); these are the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Level(IntEnum):
    """How much of a chunk is shown. Deeper never costs more tokens."""

    FULL = 0
    TRIMMED = 1
    CONDENSED = 2
    CAPSULE = 3
    OUTLINE = 4
    EMERGENCY = 5
    OMITTED = 6


class ChunkClass(StrEnum):
    """What a chunk is. The order is the order of tables and reports."""

    CODE = "code"
    TESTS = "tests"
    COMMENTS = "comments"
    EXAMPLES = "examples"
    CONFIG = "config"
    DOCS = "docs"
    DATA = "data"
    GENERATED = "generated"
    VENDORED = "vendored"
    LOCKFILE = "lockfile"


CLASSES: tuple[ChunkClass, ...] = tuple(ChunkClass)
"""``Columns.chunk_class`` holds indices into this."""

CORE_CLASSES = frozenset({ChunkClass.CODE, ChunkClass.TESTS, ChunkClass.DOCS})
"""Classes of which nothing is omitted while something less valuable is shown above level 4."""


class Method(StrEnum):
    """How a token count came about. Nothing is silently an estimate."""

    EXACT = "exact"
    RECONSTRUCTED = "reconstructed"
    ESTIMATE = "estimate"


class FileKind(StrEnum):
    """What a listed path is on disk or in the tree."""

    REGULAR = "regular"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One path of the listing, before anything was read."""

    path: str
    """Path relative to the root, ``/`` separated; bytes that are no UTF-8 as surrogate escapes."""
    kind: FileKind
    """Regular file, symbolic link or submodule."""
    blob_id: str
    """Git object id of the content in hex, or ``""`` when only reading the file can tell."""
    size_bytes: int = -1
    """Size where the listing knows it, else -1."""
    attributes: frozenset[str] = frozenset()
    """Of ``generated``, ``vendored``, ``documentation`` (linguist attributes that are set), ``converted`` (bytes on
    disk differ from the blob: eol, filter, working-tree-encoding) and ``not-generated``, ``not-vendored``,
    ``not-documentation`` (explicitly unset)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that is listed but holds no chunks, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A consecutive piece of a file. The chunks of a file, joined, give its bytes back."""

    path: str
    index: int
    """Position in the file, from 0."""
    kind: str
    """``function``, ``method``, ``class``, ``import``, ``comment``, ``section``, ``table``, ``block``, …"""
    symbol: str
    """Qualified name (``Query.filter``), heading, key or ``""``."""
    parent: int
    """Index of the chunk whose scope encloses this one, or -1."""
    start_line: int
    """First line, from 1."""
    end_line: int
    """Last line, inclusive."""
    start_byte: int
    """Offset of the first byte in the file as it is stored."""
    end_byte: int
    """Offset behind the last byte."""
    chunk_class: ChunkClass
    reason: str
    """The classification rule that decided, in words."""


class Edit(NamedTuple):
    """A byte range of the text and what stands in its place at a level."""

    start: int
    """Byte offset into the UTF-8 text of the file."""
    end: int
    """Byte offset behind the range."""
    replacement: str
    """Marker or ``""``; never repository text that the range did not hold."""


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Prices of a prompt that is longer than a limit, in USD per million tokens."""

    above_tokens: int
    """Prompt length from which these prices hold for the whole call."""
    price_in: Decimal
    price_out: Decimal


@dataclass(frozen=True, slots=True)
class Model:
    """A catalog entry. Prices are USD per million tokens; None where the source has none."""

    id: str
    """Name that the provider's interface takes."""
    aliases: tuple[str, ...]
    """Other names for it; looked up without regard to case."""
    provider: str
    """Who serves it, e.g. ``openai``."""
    context_window: int
    """Tokens that input and output share."""
    max_input: int
    """Longest input the provider takes, in tokens; never more than the window."""
    max_output: int
    """Highest output ceiling, in tokens. Equal to the window it is an upper bound rather than a sensible default."""
    price_in: Decimal | None
    price_out: Decimal | None
    price_cache_read: Decimal | None
    """Price of input that the provider had cached."""
    price_tiers: tuple[PriceTier, ...]
    """Prices of long prompts, shortest limit first."""
    encoding: str
    """Tokenizer that counts for this model."""
    method: Method
    """How far a count with ``encoding`` is the count of this model: an exact vocabulary that is only assumed to be the
    model's makes an estimate."""
    error_band: tuple[float, float]
    """Relative band of the model's count around ours; ``(0.0, 0.0)`` when exact."""
    claim: str
    """What the choice of the encoding rests on."""
    deprecation: str
    """Day the provider ends the model, ISO 8601, or ``""``."""
    source: str
    """Where the figures come from."""
    as_of: str
    """Day of the figures, ISO 8601."""
    band_source: str = "shipped"
    """``measured`` where ``error_band`` is what this person's calls showed, else ``shipped``."""
    band_samples: int = 0
    """Comparisons that a measured band rests on."""

    def room(self, reserved_output: int = 0) -> int:
        """Return how many tokens of input fit when ``reserved_output`` tokens are kept free for the answer.

        Providers limit the input, the sum of both, or each: ``min(max_input, context_window - reserved_output)``.
        """
        return max(0, min(self.max_input, self.context_window - reserved_output))
