"""Makes the files in ``data/`` from the vocabulary documents of the ctok package (MIT).

Run it as ``python -m engine.tokens.claude.build_data ctok-1.3.0-py3-none-any.whl``. A document lists pieces in a public
notation (``⟨bow⟩``, ``⟨eow⟩``, ``⟨shift⟩``, ``⟨caps⟩`` for markers, ``⟨0xNN⟩`` for bytes) together with the probe that
measured each; the files keep the pieces only, markers as single characters. What the counter takes for granted about
the pieces is checked here.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from engine.errors import InputError
from engine.tokens.claude.characters import rules, unicode_alphabet
from engine.tokens.claude.vocabulary import CAPS, FIELD, SECTION, SHIFT, WORD_END, WORD_START

_DOCUMENTS = {
    "ctok/data/pieces_v3.json": "claude-3.pieces",
    "ctok/data/pieces_v4_7.json": "claude-4.7.pieces",
}
_MARKERS = {"⟨bow⟩": WORD_START, "⟨eow⟩": WORD_END, "⟨shift⟩": SHIFT, "⟨caps⟩": CAPS}
_ESCAPED = re.compile("(?:⟨0x[0-9A-Fa-f]{2}⟩)+")


def plain(piece: str) -> str:
    """Return a piece of the public notation with one character per marker."""
    for name, marker in _MARKERS.items():
        piece = piece.replace(name, marker)
    return _ESCAPED.sub(lambda run: bytes.fromhex(re.sub("⟨0x|⟩", "", run[0])).decode(), piece)


def check(pieces: Iterable[str]) -> None:
    """Confirm that no piece reaches over a place where text is split.

    Raises:
        InputError: a piece mixes what must not be mixed.
    """
    word = unicode_alphabet().split.pattern.partition("+|")[0] + "+"
    endings = "|".join(rules().contractions)
    shapes = re.compile(
        rf"[{SHIFT}{CAPS}]?{WORD_START}?(?:{word})?{WORD_END}?"
        rf"|{WORD_START}?(?:(?!{word})[^{WORD_START}-{CAPS}\s0-9])+{WORD_END}?"
        rf"|[0-9]+| +|\n+|\t+|\u3000+|'(?:{endings}){WORD_END}?"
    )
    for piece in pieces:
        if not shapes.fullmatch(piece):
            raise InputError(f"The piece {piece!r} reaches over a boundary.", "The counter's split would be wrong.")


def build(wheel: Path, target: Path) -> None:
    """Write one data file per vocabulary document of ``wheel`` into the folder ``target``."""
    with zipfile.ZipFile(wheel) as archive:
        for source, name in _DOCUMENTS.items():
            groups = json.loads(archive.read(source))["tokens"]
            prefixes = sorted(groups.pop("bytes_fallback"))
            pieces = {plain(piece) for group in groups.values() for piece in group}
            # Endings are listed without the marker that they always carry in running text.
            pieces.update(plain(piece) + WORD_END for piece in groups["contractions"])
            check(pieces)
            text = FIELD.join(sorted(pieces)) + SECTION + FIELD.join(prefixes)
            (target / name).write_bytes(zlib.compress(text.encode(), 9))


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(__file__).parent / "data")
