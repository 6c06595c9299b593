"""Files that nobody meant to write: random bytes, random punctuation, mutated source, deep nesting, endless lines.

Everything follows from a seed, so that a file which breaks something can be made again from its name.
"""

from __future__ import annotations

import random
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.chunk.languages import table

_PUNCTUATION = string.punctuation * 3 + " \n\t\r" * 4 + "aZ09_é"
_ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x1b[2J", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"\xc3",
    b"<<<<<<< a\n",
)  # fmt: skip
_SIGNS = b"()[]{}<>\"'`#/*\\$@:;,|&!=-+%~^ \n"
_MEAN_BYTES = 6_000


@dataclass(frozen=True, slots=True)
class Junk:
    """One file."""

    name: str
    """File name; says the recipe, and the extension says the language."""
    data: bytes


@cache
def names() -> tuple[tuple[str, str], ...]:
    """(language, file name pattern with ``*``) for every extension and name of the language table."""
    found = [(language, f"*.{extension}") for extension, language in table().by_extension.items()]
    found += [(language, f"*/{name}") for name, language in table().by_filename.items()]
    return *sorted(found), ("", "*"), ("", "*.unknown")


@cache
def snippets() -> dict[str, bytes]:
    """Source to mutate, by language."""
    text = Path(__file__).with_name("snippets.toml").read_text("utf-8")
    return {name: source.encode() for name, source in tomllib.loads(text).items()}


def random_files(number: int, seed: int) -> Iterator[Junk]:
    """Make files of all languages in turn, those with a grammar twice as often; half of them mutated source."""
    patterns = names()
    parsed = [item for item in patterns if item[0] in snippets()]
    for index in range(number):
        dice = random.Random(f"{seed}:{index}")
        turn = index // 2
        language, pattern = parsed[turn % len(parsed)] if index % 2 else patterns[turn % len(patterns)]
        size = min(int(dice.expovariate(1 / _MEAN_BYTES)) + 1, 200_000)
        recipe = dice.choice(("bytes", "marks", "source", "source"))
        if recipe == "bytes":
            data = dice.randbytes(size)
        elif recipe == "marks":
            data = "".join(dice.choices(_PUNCTUATION, k=size)).encode()
        else:
            data = mutated(snippets().get(language) or dice.choice(list(snippets().values())), size, dice)
        yield Junk(pattern.replace("*", f"r{index}-{recipe}"), data)


def mutated(source: bytes, size: int, dice: random.Random) -> bytes:
    """Repeat ``source`` to ``size`` bytes, then cut, move, double and spoil pieces of it."""
    data = bytearray(source * (size // len(source) + 1))[: max(size, len(source))]
    for _ in range(dice.randrange(1, 40)):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + int(dice.expovariate(1 / 30)) + 1)
        act = dice.randrange(5)
        if act == 0:
            del data[at:end]
        elif act == 1:
            data[at:at] = data[at:end] * dice.choice((1, 1, 2, 50))
        elif act == 2:
            data[at:at] = dice.choice(_ODD)
        elif act == 3:
            data[at:end] = bytes(reversed(data[at:end]))
        else:
            data[at:at] = bytes((dice.choice(_SIGNS),)) * dice.choice((1, 1, 3, 200))
    return bytes(data)


def nested_files(number: int, seed: int) -> list[Junk]:
    """Choose from all combinations of language, nesting and depth, every language included."""
    dice = random.Random(seed)
    everything = list(_combinations())
    dice.shuffle(everything)
    if number >= len(everything):
        made = everything
    else:
        first: dict[str, tuple[str, str, str, int]] = {}
        for item in everything:
            first.setdefault(item[0], item)
        chosen = list(first.values())
        taken = {id(item) for item in chosen}
        made = (chosen + [item for item in everything if id(item) not in taken])[:number]
    return [
        Junk(f"n{index}-{depth}.{extension}", (opening * depth + closing * depth).encode())
        for index, (extension, opening, closing, depth) in enumerate(made)
    ]


def _combinations() -> Iterator[tuple[str, str, str, int]]:
    text = Path(__file__).with_name("nesting.toml").read_text("utf-8")
    groups = tomllib.loads(text)
    for group in groups.values():
        for extension in group["extensions"]:
            for opening, closing in group["pairs"]:
                for depth in group["depths"]:
                    yield extension, opening, closing, min(depth, group["most_bytes"] // len(opening + closing))
