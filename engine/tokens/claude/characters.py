"""Which characters form words, which carry boundary markers, and the patterns made of that.

Two tables exist: a small one for ASCII text, and one over the basic plane that is built when the first other text
comes. It follows the Unicode data of the running interpreter and of ``regex`` (for the Alphabetic property).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ASCII = "".join(map(chr, range(0x80)))
_PLANE = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000)]))


@dataclass(frozen=True, slots=True)
class Rules:
    """The measured character sets of ``characters.toml``."""

    punctuation: frozenset[str]
    """Symbols that form runs with ASCII punctuation."""
    unmarked: frozenset[str]
    """Ideographic punctuation and symbols: no boundary markers."""
    letters: frozenset[str]
    """Symbols, numbers and newer letters that behave as letters."""
    lone: frozenset[str]
    """Letters that form no words."""
    joined_digits: frozenset[str]
    """Digits that form runs with ASCII digits."""
    selectors: frozenset[str]
    """Variation selectors."""
    contractions: tuple[str, ...]
    """Endings that an apostrophe ties to the word before it."""
    caseless: str
    """Capitals read as caseless."""
    new_pairs: dict[str, str]
    """Capital to small letter, for letters that older Unicode data does not know."""
    keeps_case: str
    """A letter whose word keeps its case."""
    keeps_itself: str
    """A capital that is never lowered and does not count as one inside a word."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Patterns over one repertoire of characters."""

    split: re.Pattern[str]
    """Each match is one word or one gap, in turn."""
    gap: re.Pattern[str]
    """A gap at a given position."""
    word_start: re.Pattern[str]
    """The last character of a gap before a word."""
    contraction: re.Pattern[str]
    """A lone apostrophe with a tied ending; group 1 is the ending."""
    number_contraction: re.Pattern[str] | None
    """The same behind a number outside ASCII, where the make-up of the whole run of numbers decides."""
    opens: re.Pattern[str]
    """The place of a word-start marker: behind a space, before what can carry one."""
    closes: re.Pattern[str]
    """The place of a word-end marker: before a single space."""
    numbers: re.Pattern[str] | None
    """A run of numbers outside ASCII, which carries markers only when it is of one kind."""


def _between(ranges: Iterable[list[int]]) -> frozenset[str]:
    return frozenset(chr(c) for first, last in ranges for c in range(first, last + 1))


@cache
def rules() -> Rules:
    """Read ``characters.toml``, once per process."""
    raw = tomllib.loads(files("engine.tokens.claude").joinpath("characters.toml").read_text("utf-8"))
    ideographic = _between([raw["ideographic_punctuation"]])
    punctuation = frozenset(c for c in ideographic if unicodedata.category(c).startswith("P"))
    new = frozenset(raw["new_pairs"]) | frozenset(raw["new_pairs"].values())
    return Rules(
        punctuation=frozenset(raw["punctuation"]),
        unmarked=punctuation | frozenset(raw["unmarked_symbols"]),
        letters=_between(raw["letter_symbols"]) | new,
        lone=_between(raw["lone_letters"]),
        joined_digits=_between(raw["joined_digits"]),
        selectors=_between([raw["selectors"]]),
        contractions=tuple(raw["contractions"]),
        caseless=raw["caseless"],
        new_pairs=raw["new_pairs"],
        keeps_case=raw["keeps_case"],
        keeps_itself=raw["keeps_itself"],
    )


def _ranges(characters: Iterable[str]) -> str:
    """Write characters as the inside of a bracket expression, in ranges."""
    out: list[str] = []
    points = sorted(map(ord, characters))
    first = 0
    for at, point in enumerate(points):
        if at + 1 == len(points) or points[at + 1] != point + 1:
            out.append(f"\\u{points[first]:04x}-\\u{point:04x}")
            first = at + 1
    return "".join(out)


def _alphabet(words: str, marked: str, binding: str, numbers: str) -> Alphabet:
    """Compile the patterns.

    Args:
        words: bracket insides of characters that form words.
        marked: of those that carry boundary markers beside a space.
        binding: of those behind which a lone apostrophe does not tie its ending to them.
        numbers: of numbers outside ASCII, with the selectors that may ride in their run behind a ``|``.
    """
    endings = "|".join(rules().contractions)
    tied = rf"({endings})(?![{words}])"
    digits, _, riding = numbers.partition("|")
    return Alphabet(
        split=re.compile(rf"[{words}]+|[^{words}]+"),
        gap=re.compile(rf"[^{words}]+"),
        word_start=re.compile(rf"[^{words}](?=[{words}])"),
        contraction=re.compile(rf"'(?<![{binding}{digits}]'){tied}"),
        number_contraction=re.compile(rf"'(?<=[{digits}]'){tied}") if digits else None,
        opens=re.compile(rf"(?<= )(?=[{marked}])"),
        closes=re.compile(rf"(?<=[{marked}])(?= (?! ))"),
        numbers=re.compile(rf"[{digits}][{digits}{riding}]*") if digits else None,
    )


def _is_ascii_punctuation(character: str) -> bool:
    return character.isascii() and unicodedata.category(character)[0] in "PS"


@cache
def ascii_alphabet() -> Alphabet:
    """The patterns for text that is all ASCII."""
    punctuation = _ranges(filter(_is_ascii_punctuation, _ASCII))
    return _alphabet("A-Za-z", punctuation, punctuation, "")


@cache
def unicode_alphabet() -> Alphabet:
    """The patterns for any text; takes about 0.1 s to build, once per process.

    Sources of the rules: combining marks stay in the word when Unicode calls them Alphabetic and close it otherwise;
    punctuation, symbols, format and unassigned characters of the basic plane carry boundary markers, as do digits
    outside ASCII; everything beyond the basic plane and the ``lone`` letters carry none.
    """
    import regex  # type: ignore[import-untyped]

    known = rules()
    marks = set(regex.findall(r"\p{M}", _PLANE)) - known.selectors
    alphabetic_marks = set(regex.findall(r"\p{Alphabetic}", "".join(marks)))
    kinds = {c: unicodedata.category(c) for c in _PLANE}
    letters = {c for c, kind in kinds.items() if kind[0] == "L"} - known.lone - marks
    words = (letters | alphabetic_marks | known.letters) - known.punctuation
    symbols = {c for c, kind in kinds.items() if kind[0] in "PS" or kind in ("Cf", "Cn")} - known.unmarked
    edges = (symbols - alphabetic_marks) | (marks - alphabetic_marks) | known.selectors | known.punctuation
    edges |= set(filter(_is_ascii_punctuation, _ASCII)) | known.joined_digits
    numbers = {c for c, kind in kinds.items() if kind in ("Nd", "No") and not c.isascii()} - known.joined_digits
    return _alphabet(
        words=_ranges(words),
        marked=_ranges(edges - words),
        binding=_ranges(edges),
        numbers=f"{_ranges(numbers - words - edges)}|{_ranges(known.selectors)}",
    )


def is_uniform(run: str) -> bool:
    """Whether a run of numbers is all decimal digits or all other numbers, so that it carries markers."""
    return len(set(map(unicodedata.category, run))) == 1
