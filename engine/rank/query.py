"""What a query asks for: terms with weights, files and lines named by path, classes named by words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.model import ChunkClass
from engine.rank.query_numbers import QuerySettings, query_settings
from engine.rank.terms import LONGEST_WORD, parts_of, stem, term_id, texts_of, whole_of, words

_ANY_WORD = re.compile(r"`[^`\s]{1,80}`|\w+(?:\(\))?")
_PLAIN_WORD = re.compile(r"\w+")
_NAME = re.compile(r"`|\(\)|\w_\w|[a-z][A-Z]|[A-Z]{2}[a-z]|[a-zA-Z]\d")
_URL = re.compile(r"\bhttps?://\S+|\b[\w.+-]+@[\w-]+\.[\w.]+|\B#\d+\b|\b[0-9a-f]{12,40}\b")
_TRAILER = re.compile(
    r"^(?:signed-off-by|co-authored-by|reviewed-by|change-id|acked-by|cc|git-svn-id):.*$", re.I | re.M
)
_TRACE = re.compile(r"""File\ "(?P<path>[^"\n]{1,400})",\ line\ (?P<line>\d{1,7})""", re.VERBOSE)
_PATH = re.compile(r"(?<![\w@])(?P<path>[\w./\\+-]{0,300}[\w-]\.[A-Za-z]\w{0,9})(?::(?P<line>\d{1,7}))?(?![\w/])")
_FOLDER = re.compile(r"(?<![\w@.])(?P<path>[\w.-]{1,80}(?:/[\w.-]{1,80}){1,12})/?(?![\w])")
_SCOPE = re.compile(r"\[?(?P<head>[\w./+ -]{1,40}?)(?:\((?P<inside>[\w./,+ -]{1,60})\))?\]?!?:\s")
_MOST_PATHS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A file that a query names, and the line where it names one."""

    path: str
    """As it is written, with ``/``."""
    line: int = 0
    """From 1; 0 for the whole file."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood."""

    weights: dict[str, float] = field(default_factory=dict)
    """Weight of each term, readable, the weightiest first."""
    places: tuple[Place, ...] = ()
    """Files and lines named by path."""
    asks: frozenset[ChunkClass] = frozenset()
    """Classes that words of the first line ask for."""
    scope: tuple[str, ...] = ()
    """Terms of the part of the repository that the first line begins with: ``fix(router): …``, ``router: …``."""

    @property
    def empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not self.weights and not self.places


def parse_query(text: str, settings: QuerySettings | None = None) -> Query:
    """Understand a query: a few words, an issue, a commit message, a stack trace.

    Args:
        text: Anything; what is beyond ``most_characters`` is not read.
        settings: Weights; those that ship when None.
    """
    rules = settings or query_settings()
    text = _URL.sub(" ", _TRAILER.sub(" ", text[: rules.most_characters]))
    places = tuple(dict.fromkeys(_places(text)))[:_MOST_PATHS]
    weights: dict[str, float] = {}
    seen: dict[str, int] = {}
    asked: set[str] = set()
    for number, line in enumerate(text.strip().splitlines()):
        strength = 1.0 if number == 0 else rules.later
        before = ""
        for word in _ANY_WORD.findall(line):
            plain = word.strip("`()")
            if len(plain) > LONGEST_WORD:
                before = ""
                continue
            if number == 0:
                # Later lines tell what else was done: "adds tests, updates the docs".
                asked.add(plain.lower())
            for term, weight in _terms(word, plain, rules):
                seen[term] = seen.get(term, 0) + 1
                weights[term] = max(weights.get(term, 0.0), strength * weight)
            parts = parts_of(plain)
            whole = whole_of(parts)
            if before and len(before) + len(whole) > 4 and rules.pair:
                pair = before + whole
                weights[pair] = max(weights.get(pair, 0.0), strength * rules.pair)
            before = "" if plain.lower() in words().stop or stem(plain.lower()) in words().task else whole
    for term, times in seen.items():
        weights[term] *= 1.0 + 0.5 * math.log(times)
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[: rules.most_terms]
    return Query(dict(ordered), places, rules.classes_asked(asked), _scope(text.strip(), rules))


def _terms(word: str, plain: str, rules: QuerySettings) -> Iterator[tuple[str, float]]:
    is_name = bool(_NAME.search(word))
    found = texts_of(plain)
    compound = len(parts_of(plain)) > 1
    for index, term in enumerate(found):
        if is_name:
            yield term, rules.name if index == 0 or not compound else rules.name * rules.part
        else:
            yield term, rules.task if term in words().task else 1.0


def _scope(text: str, rules: QuerySettings) -> tuple[str, ...]:
    found = _SCOPE.match(text)
    if found is None:
        return ()
    named = [found["inside"] or ""]
    if found["head"].lower() not in rules.changes:
        named.append(found["head"])
    return tuple(dict.fromkeys(term for part in named for word in _PLAIN_WORD.findall(part) for term in texts_of(word)))


def _places(text: str) -> Iterator[Place]:
    for found in _TRACE.finditer(text):
        yield Place(found["path"].replace("\\", "/"), int(found["line"]))
    for found in _PATH.finditer(text):
        yield Place(found["path"].replace("\\", "/"), int(found["line"] or 0))
    for found in _FOLDER.finditer(text):
        yield Place(found["path"])


def message_terms(text: str) -> Iterator[int]:
    """Numbers of the terms of a commit's message, each as often as it occurs."""
    for word in _PLAIN_WORD.findall(_URL.sub(" ", _TRAILER.sub(" ", text))):
        if len(word) <= LONGEST_WORD:
            yield from map(term_id, texts_of(word))


def scope_ids(query: Query) -> list[int]:
    """Numbers of the terms of a query's scope."""
    return [term_id(term) for term in query.scope]


def term_ids(query: Query) -> list[tuple[int, float]]:
    """Numbers and weights of the terms of a query."""
    return [(term_id(term), weight) for term, weight in query.weights.items()]
