"""What edit recall is compared with: BM25 over whole files and over windows of lines, greedy, paying for text alone."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Sequence

from engine.tokens import tokenizer

WINDOW = 60
_MOST_TRIED = 400
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}|[a-z]+|\d+")


def words(text: str) -> list[str]:
    """Lower-case words, identifiers cut."""
    return [word.lower() for word in _WORD.findall(text)]


def bm25(query: str, documents: Sequence[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Okapi BM25 of each document."""
    asked = set(words(query))
    texts = [words(document) for document in documents]
    sizes = [len(text) for text in texts]
    usual = statistics.fmean(sizes) or 1.0
    bags = [Counter(word for word in text if word in asked) for text in texts]
    holds = Counter(word for bag in bags for word in bag)
    idf = {word: math.log1p((len(bags) - holds[word] + 0.5) / (holds[word] + 0.5)) for word in asked}
    return [
        sum(idf[word] * bag[word] * (k1 + 1) / (bag[word] + k1 * (1 - b + b * size / usual)) for word in bag)
        for bag, size in zip(bags, sizes, strict=True)
    ]  # fmt: skip


def packs(query: str, pieces: Sequence[str], budgets: Sequence[int]) -> dict[int, str]:
    """By budget the best pieces that still fit, one after the other."""
    count = tokenizer("o200k_base").count
    scores = bm25(query, pieces)
    order = sorted(range(len(pieces)), key=lambda index: -scores[index])[:_MOST_TRIED]
    costs = {index: count(pieces[index]) for index in order}
    found = {}
    for budget in budgets:
        left, taken = budget, []
        for index in order:
            if scores[index] > 0 and costs[index] <= left:
                left -= costs[index]
                taken.append(pieces[index])
        found[budget] = "\n".join(taken)
    return found


def whole_files(texts: dict[str, str]) -> list[str]:
    """Files behind their paths."""
    return [f"{path}\n{text}" for path, text in texts.items()]


def windows(texts: dict[str, str]) -> list[str]:
    """Windows of ``WINDOW`` lines behind their paths, without overlap."""
    out = []
    for path, text in texts.items():
        lines = text.splitlines()
        out += [f"{path}\n" + "\n".join(lines[at : at + WINDOW]) for at in range(0, len(lines), WINDOW)]
    return out
