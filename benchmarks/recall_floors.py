"""What edit recall is compared with: BM25 over whole files or windows of lines, and a plain retriever of definitions.

All are greedy: they take what scores best and still fits, cut nothing, and pay for their text alone.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from engine.columns import Columns
from engine.rank.terms import texts_of
from engine.tokens import tokenizer

WINDOW = 60
LONGEST, PIECE = 80, 50
"""Definitions of more lines than that are cut into pieces of so many."""
_MOST_TRIED = 8000
_LEAST = 10
"""Tokens that nothing is looked for to fill."""
_OF_FILE, _OF_PATH = 0.6, 1.0
"""What the score of its file, and rare words of its path, add to the score of a definition."""
_BESIDE = 0.45
"""What the score of a test or a document counts."""
_TEST_OR_DOCUMENT = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|__tests__|docs?|examples?)(?:[/_.-]|$)", re.I)
_ANY_WORD = re.compile(r"\w+")
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}|[a-z]+|\d+")


def words(text: str) -> list[str]:
    """Lower-case words, identifiers cut."""
    return [word.lower() for word in _WORD.findall(text)]


def bm25(query: str, documents: Sequence[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Okapi BM25 of each document."""
    return okapi(words(query), [words(document) for document in documents], k1, b)


def okapi(query: Iterable[str], texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Okapi BM25 of texts cut into words."""
    asked = set(query)
    sizes = [len(text) for text in texts]
    usual = statistics.fmean(sizes) or 1.0
    bags = [Counter(word for word in text if word in asked) for text in texts]
    holds = Counter(word for bag in bags for word in bag)
    idf = {word: math.log1p((len(bags) - holds[word] + 0.5) / (holds[word] + 0.5)) for word in asked}
    return [
        sum(idf[word] * bag[word] * (k1 + 1) / (bag[word] + k1 * (1 - b + b * size / usual)) for word in bag)
        for bag, size in zip(bags, sizes, strict=True)
    ]  # fmt: skip


def packs(pieces: Sequence[str], scores: Sequence[float], budgets: Sequence[int]) -> dict[int, str]:
    """By budget the best pieces that still fit, one after the other."""
    count = tokenizer("o200k_base").count
    order = sorted(range(len(pieces)), key=lambda index: -scores[index])[:_MOST_TRIED]
    costs: dict[int, int] = {}
    found = {}
    for budget in budgets:
        left, taken = budget, []
        for index in order:
            if scores[index] <= 0 or left < _LEAST:
                break
            if index not in costs:
                costs[index] = count(pieces[index])
            if costs[index] <= left:
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


def definitions(query: str, texts: dict[str, str], columns: Columns) -> tuple[list[str], list[float]]:
    """Definitions behind their paths, and their scores: words cut and stemmed, function words dropped, words of the
    file and of its path counted, tests and documents held back."""
    places = list(_cut(texts, columns))
    asked = _stems(query)
    bags = [_stems(piece) for _, piece in places]
    by_file: dict[str, list[str]] = {}
    for (path, _), bag in zip(places, bags, strict=True):
        by_file.setdefault(path, []).extend(bag)
    of_file = dict(zip(by_file, okapi(asked, list(by_file.values())), strict=True))
    of_path = dict(zip(by_file, okapi(asked, [_stems(path) for path in by_file]), strict=True))
    scores = []
    for (path, _), score in zip(places, okapi(asked, bags), strict=True):
        whole = score + _OF_FILE * of_file[path] + _OF_PATH * of_path[path]
        held = _TEST_OR_DOCUMENT.search(path) or PurePosixPath(path).suffix in {".md", ".rst", ".txt"}
        scores.append(whole * _BESIDE if held else whole)
    return [f"{path}\n{piece}" for path, piece in places], scores


def _cut(texts: dict[str, str], columns: Columns) -> Iterator[tuple[str, str]]:
    """Path and text of each definition."""
    ends: dict[str, list[int]] = {}
    for row, end in zip(columns.file.tolist(), columns.end_line.tolist(), strict=True):
        ends.setdefault(columns.files[row].path, []).append(end)
    for path, text in texts.items():
        lines, start = text.splitlines(), 0
        for end in sorted({*ends.get(path, []), len(lines)}):
            step = PIECE if end - start > LONGEST else max(1, end - start)
            for at in range(start, end, step):
                piece = "\n".join(lines[at : min(end, at + step)])
                if piece.strip():
                    yield path, piece
            start = max(start, end)


def _stems(text: str) -> list[str]:
    """Stems of words and of parts of names."""
    return [stem for word in _ANY_WORD.findall(text) for stem in texts_of(word)]
