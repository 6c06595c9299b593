"""Where the tokens of a text end, in characters, for any vocabulary."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

import numpy as np

from engine.tokens import Tokenizer
from engine.tokens.codecs import composed, composes_backwards, is_engine_failure
from engine.tokens.running import Running
from engine.tokens.vocabulary import VocabularyTokenizer

_BY_CHARACTERS = 60_000
"""Characters of a text of which each is asked about where a vocabulary gives no tokens; longer texts go by words."""
_SHORT_LINE, _LONG_LINE = 200, 2_000
"""Characters of a line that goes by characters, and of one that goes by words: what a part adds is found by counting
its line again, so longer lines go by larger parts."""
_WORD = re.compile(r"\s*\w{1,16}|\s*[^\w\s]|\s+")
_STRETCH = re.compile(r".{1,200}", re.DOTALL)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def token_ends(counter: Tokenizer, text: str) -> list[int]:
    """Offset behind each token, ascending: as many as ``counter.count`` counts.

    A token that ends inside a character ends before it; the token that completes the character ends behind it.
    Vocabularies without tokens of their own (reconstructed, estimated) are asked what each character adds; in long
    texts and lines what each word or stretch adds, so that the work stays linear.
    """
    text = _HALF_PAIR.sub("\ufffd", text)
    if isinstance(counter, VocabularyTokenizer):
        try:
            return list(_by_tokens(counter, text))
        except BaseException as error:
            if not is_engine_failure(error):
                raise
    parts = _parts(text)
    ends: list[int] = []
    at = 0
    for part, number in zip(parts, counter.count_parts(parts), strict=True):
        at += len(part)
        ends += [at] * number
    return ends


def _parts(text: str) -> list[str]:
    """Cut a text into parts small enough to show where tokens end, and few enough to ask about each."""
    parts: list[str] = []
    for line in _LINE.findall(text):
        if len(line) > _LONG_LINE:
            parts += _STRETCH.findall(line)
        elif len(line) > _SHORT_LINE or len(text) > _BY_CHARACTERS:
            parts += _WORD.findall(line)
        else:
            parts += line
    return parts


def _by_tokens(counter: VocabularyTokenizer, text: str) -> Iterator[int]:
    if counter.spec.nfc and (plain := composed(text)) != text:
        # Tokens are those of the composed text; each group of characters that may compose is one place.
        before, after = _groups(text)
        for end in _by_tokens(counter, plain):
            yield before[bisect_left(after, end)] if end else 0
        return
    running = Running(counter)
    at, first = 0, True
    for step in (running.add(text), running.finish()):
        for piece, _ in step:
            codes = np.frombuffer(piece.encode("utf-32-le"), np.uint32)
            widths = 1 + (codes >= 0x80) + (codes >= 0x800).astype(np.int64) + (codes >= 0x10000)
            reach = np.cumsum(widths)
            bytes_of_tokens = list(accumulate(map(counter.width, counter.piece_ids(piece, first))))
            lead = bytes_of_tokens[-1] - int(reach[-1])  # the mark before the first word is no text
            ends = np.searchsorted(reach, np.array(bytes_of_tokens) - lead, side="right")
            yield from (ends + at).tolist()
            at, first = at + len(piece), False


def _groups(text: str) -> tuple[list[int], list[int]]:
    """Ends of the groups of characters that compose among themselves, in the text and in its composed form."""
    before, after = [0], [0]
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and composes_backwards(text[index]):
            continue
        before.append(index)
        after.append(after[-1] + len(composed(text[start:index])))
        start = index
    return before, after
