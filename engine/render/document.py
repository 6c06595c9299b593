"""A pack before it has a format: what is shown, in which order, with every name already decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from engine.render.coverage import Scope

FormatName = Literal["xml", "markdown", "json", "plain"]

FORMATS: tuple[FormatName, ...] = ("xml", "markdown", "json", "plain")
"""Names of the output formats."""


BELOW = "Legend and contents: at the end"
"""What stands in place of the legend where that follows the files."""


@dataclass(frozen=True, slots=True, eq=False)
class RenderOptions:
    """What a rendering needs beside the chunks."""

    format: FormatName = "xml"
    """One of ``FORMATS``."""
    title: str = ""
    """Name of the repository, for the head of the pack."""
    revision: str = ""
    """Revision that is shown, or ``""``."""
    value: npt.NDArray[np.float64] | None = None
    """(n,) value of each chunk; orders the files. None keeps all files equal: then they stand in path order."""
    scope: Scope | None = None
    """What the pack is to stand for, when it is to say how much of it it does."""
    notes: tuple[str, ...] = ()
    """Lines on what the pack is about, such as what changed; visible text."""
    stable: bool = False
    """Put files in an order that small changes hardly move, and what every change moves behind them: models bill the
    beginning that two prompts share at a fraction."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a shown file."""

    start: int
    """First line of the file that the piece stands for."""
    end: int
    """Last line, inclusive."""
    level: int
    """0-4, or 6 for lines that are not shown."""
    text: str
    """What is emitted: visible text that ends in a line break."""
    note: str = ""
    """The capsule line below a capsule, or ``""``."""


@dataclass(frozen=True, slots=True)
class FileSection:
    """A file of which text is shown."""

    path: str
    """Path as listed."""
    language: str
    """Name of the language."""
    span: str
    """``""`` when the whole file is shown verbatim, else the window and length: ``40-60/800``, ``1-80/80``."""
    parts: tuple[Part, ...]
    """Pieces in file order."""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a format writes."""

    title: str
    """Visible name of the repository."""
    revision: str
    """Visible revision or ``""``."""
    legend: str
    """The legend, one line."""
    tree: tuple[str, ...]
    """Lines of the directory tree."""
    lines: tuple[str, ...]
    """One line for each file that is shown as one line."""
    files: tuple[FileSection, ...]
    """Files in the order of the pack: the most valuable first and last."""
    part: str = ""
    """Which of how many parts this is, as in ``2 of 5``, or ``""``."""
    stable: bool = False
    """Everything but the title stands behind the files."""
    coverage: str = ""
    """How much of what is in scope the pack stands for, in a sentence, or ``""``."""
    notes: tuple[str, ...] = ()
    """Lines on what the pack is about."""
    directories: tuple[str, ...] = ()
    """One line for each directory that stands for files which nothing else tells of."""
