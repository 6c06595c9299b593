"""What is known of a plugin before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = (
    "packsight.tokenizers",
    "packsight.languages",
    "packsight.class_rules",
    "packsight.levels",
    "packsight.importers",
    "packsight.formats",
)
"""Groups of entry points, as distributions write them."""
ANALYSIS = ("packsight.languages", "packsight.class_rules", "packsight.levels")
"""Groups that decide what the analysis of a file is, whatever it is counted with."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point of an installed distribution."""

    group: str
    """One of ``GROUPS``."""
    name: str
    """Name of the entry point: the encoding, language, importer or format."""
    value: str
    """Where the object is, ``module:attribute``."""
    distribution: str
    """Name of the distribution."""
    version: str
    """Version of the distribution."""
    place: str
    """Folder of the distribution's metadata."""

    @property
    def title(self) -> str:
        """The plugin in words: ``language 'toy' of toy-plugin 1.0``."""
        return f"{_KINDS[self.group]} {self.name!r} of {self.distribution} {self.version}"


_KINDS = dict(zip(GROUPS, ("tokenizer", "language", "class rules", "level", "importer", "format"), strict=True))
