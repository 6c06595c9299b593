"""Markers written into one word or one gap: where words begin and end, and how they are capitalised."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from engine.tokens.claude.characters import Alphabet, is_uniform, rules
from engine.tokens.claude.vocabulary import CAPS, SHIFT, WORD_END, WORD_START


class Before(Enum):
    """What stands before a gap."""

    WORD = "w"
    """A word, whose end marker may swallow a single space."""
    FRAME = "f"
    """The message frame, which ends in a word-start marker and so counts as a space."""
    NOTHING = "n"
    """Nothing that reaches over the boundary: a bare frame, a line end, a punctuation mark before a letter."""


def mark_word(word: str, caps_from: int) -> str:
    """Return ``word`` between its boundary markers, with a leading case marker when its capitals have a plain form.

    Args:
        word: a run of word characters.
        caps_from: shortest run of capitals that takes the capitals marker; 0 for never.
    """
    if word.isascii():
        if caps_from and len(word) >= caps_from and word.isupper():
            return f"{CAPS}{WORD_START}{word.lower()}{WORD_END}"
        if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
            return f"{SHIFT}{WORD_START}{word.lower()}{WORD_END}"
        return f"{WORD_START}{word}{WORD_END}"
    known = rules()
    if known.keeps_case not in word:
        if caps_from and len(word) >= caps_from and known.keeps_itself not in word and _is_all_capitals(word):
            return f"{CAPS}{WORD_START}{_lower(word)}{WORD_END}"
        capitals = [at for at, c in enumerate(word) if c != known.keeps_itself and _is_capital(c)]
        if capitals == [0]:
            return f"{SHIFT}{WORD_START}{_lower(word)}{WORD_END}"
    return f"{WORD_START}{word}{WORD_END}"


def _lower(word: str) -> str:
    """Lower each character on its own: no final sigma, and those that keep themselves stay."""
    known = rules()
    kept = known.caseless + known.keeps_itself
    return "".join(c if c in kept else known.new_pairs.get(c) or c.lower() for c in word)


def _is_capital(character: str) -> bool:
    """Whether a character lowers to another one; some letters called uppercase have no small form."""
    known = rules()
    if character in known.new_pairs:
        return True
    return character not in known.caseless and character.isupper() and character.lower() != character


def _is_all_capitals(word: str) -> bool:
    """Whether every letter and mark of the word is a capital, and no cased symbol in it is small."""
    some, small = False, rules().new_pairs.values()
    for character in word:
        if _is_capital(character):
            some = True
        elif character.islower() or unicodedata.category(character)[0] in "LM" or character in small:
            return False
    return some


def mark_gap(gap: str, alphabet: Alphabet, before: Before, before_word: bool) -> str:
    """Return the gap with the boundary markers that its characters carry.

    A single space between an end marker and a start marker is the boundary itself and is not written. The markers of
    the words around the gap are not part of the result.

    Args:
        gap: text without word characters.
        alphabet: patterns that know every character of the gap.
        before: what stands on the left.
        before_word: whether a word stands on the right.
    """
    framed = before is Before.FRAME and gap[0] not in " \t\n\u3000"
    text = f" {gap}" if framed else gap
    # An apostrophe that opens a word leaves the space before it as it is.
    quote = "'" if before_word and text.endswith(" '") else ""
    body = text[:-1] if quote else text
    marked = alphabet.closes.sub(WORD_END, alphabet.opens.sub(WORD_START, body))
    if alphabet.numbers:
        marked = alphabet.numbers.sub(_mark_number, marked)
    marked += quote
    if framed:
        if marked[1] == WORD_START:
            marked = marked[1:]
        elif gap != quote:
            marked = WORD_START + marked[1:]
    elif before is Before.FRAME and gap[0] != " ":
        marked = WORD_START + marked
    left = WORD_END if before is Before.WORD else ""
    right = WORD_START if before_word else ""
    joined = f"{left}{marked}{right}".replace(f"{WORD_END} {WORD_START}", WORD_END + WORD_START)
    return joined[len(left) : len(joined) - len(right)]


def _mark_number(run: re.Match[str]) -> str:
    """Mark a run of numbers outside ASCII on the sides where it borders a space."""
    number = run[0]
    if not is_uniform(number):
        return number
    text, start, end = run.string, run.start(), run.end()
    opens = text[start - 1 : start] == " "
    closes = text[end : end + 1] == " " and text[end + 1 : end + 2] != " "
    return f"{WORD_START if opens else ''}{number}{WORD_END if closes else ''}"
