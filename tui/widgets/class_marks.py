"""How classes look: a letter that no other class has, and the theme variable of the colour."""

from __future__ import annotations

from engine.model import CLASSES, ChunkClass

CLASS_LETTERS: dict[ChunkClass, str] = {
    ChunkClass.CODE: "c",
    ChunkClass.TESTS: "t",
    ChunkClass.COMMENTS: "m",
    ChunkClass.EXAMPLES: "x",
    ChunkClass.CONFIG: "f",
    ChunkClass.DOCS: "d",
    ChunkClass.DATA: "a",
    ChunkClass.GENERATED: "g",
    ChunkClass.VENDORED: "v",
    ChunkClass.LOCKFILE: "l",
}
"""For places where a name does not fit."""

CLASS_VARIABLES: tuple[str, ...] = tuple(f"class-{kind.value}" for kind in CLASSES)
"""Theme variables, in the order of ``CLASSES``."""
