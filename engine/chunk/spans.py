"""What the chunker says about a file: spans that tile it, and one role for every line.

Levels are decided from roles alone: a level keeps the lines whose role is in its table and folds the rest. So a role
is the single most telling thing about a line, chosen once, while the syntax tree is still at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class Role(IntEnum):
    """The one role of a line. A line that is several things has the role that comes first in this list of care:
    protected strings, signatures, documentation, directives, then the rest."""

    CODE = 0
    """An ordinary line of a statement."""
    BLANK = 1
    """Empty or white space only, outside strings and documentation."""
    COMMENT = 2
    """Holds nothing but an ordinary comment."""
    LICENCE = 3
    """A line of a licence or copyright header."""
    DIRECTIVE = 4
    """A comment that a tool obeys: shebang, coding line, ``# type:``, ``noqa``, ``//go:build``, ``eslint-…``."""
    SIGNATURE = 5
    """From the first decorator or attribute of a definition to where its body starts; a class line; a named
    constant's first line."""
    DOC_FIRST = 6
    """First sentence line of a docstring or documentation comment."""
    DOC_LEAD = 7
    """Rest of the first paragraph of the documentation."""
    DOC = 8
    """Any other line of documentation, blank lines within it included."""
    STRING = 9
    """Continuation of a multi-line string: never trimmed, blank or not."""
    OUTCOME = 10
    """``return``, ``raise``, ``throw``, ``yield``: what a body says it does."""
    CALL = 11
    """A statement that calls something this file defines or imports from outside the standard library."""
    ASSERT = 12
    """An assertion or expectation of a test."""
    IMPORT = 13
    """Import, include, use, require, package clause."""
    CLOSE = 14
    """Only closing brackets, ``end`` and the like."""
    DECORATION = 15
    """Banner lines, rulers, badges, HTML comments and tables of contents in documents: no information."""
    HEADING = 16
    """A heading of a document (and its underline)."""
    PARA_FIRST = 17
    """First line of the first paragraph below a heading."""
    PARA_LEAD = 18
    """Rest of the first paragraph below a heading."""
    PARA = 19
    """Other prose."""
    FENCE = 20
    """A line of a code fence, doctest or literal block, its markers included."""
    KEY1 = 21
    """A top-level key or section of a configuration file, with its value where that is on the same line."""
    KEY2 = 22
    """A key one level below."""
    KEY3 = 23
    """A key deeper than that."""
    VALUE = 24
    """Continuation of a configuration value: array items, folded text."""
    NESTED = 25
    """Signature of a definition inside a function body."""
    OUTPUT = 26
    """Shown output of an example."""


class Trait(IntFlag):
    """Facts about a chunk that classification rules may ask for."""

    NONE = 0
    TEST = 1
    """Marked as a test by the language: ``def test_…``, ``@Test``, ``#[test]``, ``describe(…)``, ``func TestX``."""
    IN_TEST = 2
    """Inside a scope that is a test (``#[cfg(test)] mod``, a ``TestCase`` class, ``describe``)."""
    FIXTURE = 4
    """Set-up or fixture of tests."""
    DEMO = 8
    """Runs only as a program: ``if __name__ == "__main__"``."""
    DOCTEST = 16
    """Documentation whose main content is an example session."""
    LICENCE = 32
    """A licence or copyright header."""
    DOC = 64
    """A documentation comment or docstring that is not attached to a definition in its chunk."""
    GENERATED = 128
    """The file says that it is generated (``Code generated … DO NOT EDIT``, ``@generated``)."""
    MINIFIED = 256
    """Very long lines: machine-made text."""
    EXAMPLE = 512
    """An example by its own words: ``func ExampleX``, a code fence of an examples section."""


@dataclass(slots=True)
class Span:
    """One chunk of a file, as lines. Spans of a file tile its lines in order."""

    kind: str
    """``function``, ``method``, ``class``, ``interface``, ``struct``, ``enum``, ``trait``, ``impl``, ``module``,
    ``namespace``, ``type``, ``const``, ``import``, ``comment``, ``docstring``, ``licence``, ``statement``, ``test``,
    ``demo``, ``section``, ``fence``, ``table`` (configuration), ``rule``, ``element``, ``block``."""
    symbol: str
    """Qualified name, heading or key path; ``""`` where it has none. At most 200 characters, no control characters."""
    parent: int
    """Index of the span that opens the enclosing scope (the class line of a method), or -1."""
    start: int
    """Index of the first line, from 0."""
    end: int
    """Index behind the last line."""
    traits: Trait = Trait.NONE


@dataclass(slots=True)
class FileChunks:
    """The outcome of chunking one file."""

    language: str
    """Name of the language from the table, or ``"text"``."""
    method: str
    """``"tree"`` when a grammar cut the file, else ``"lines"``."""
    note: str
    """Why line chunks were used (``no grammar``, ``minified``, ``over 1 MB``, ``over 150,000 lines``,
    ``too deep``, ``too wide``, ``deadline``), or ``""``."""
    spans: list[Span]
    """At least one span unless the text is empty."""
    roles: bytes
    """One ``Role`` value per line of the text."""
    defines: list[list[str]]
    """Per span: unqualified names that the span defines (functions, classes, constants, keys)."""
