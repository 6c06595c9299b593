"""First stage: the first rule that a path satisfies, in a few dictionary look-ups.

Every rule is one bit. A directory, a base name, a language and a set of attributes each have a mask of the rules they
satisfy (or that do not ask); the lowest bit of the conjunction is the first rule. Masks are remembered, so that
90,000 paths cost a look-up each. ``paths`` globs are tried last, on rules that hold otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from engine.classify.globs import is_glob, name_regex, path_regex
from engine.classify.schema import NO_LANGUAGE, NO_SUFFIX, Rule
from engine.classify.verdict import FileClass

MEMORY = 200_000
"""Masks that are kept; past it the memory starts again, which bounds it on hostile listings."""
LONGEST = 500
"""Longest name or directory, in characters, whose mask is kept."""

_Patterns = list[tuple[re.Pattern[str], int]]
_Endings = list[tuple[re.Pattern[str] | None, int]]
_Key = TypeVar("_Key", str, tuple[str | None, frozenset[str]])


class PathRules:
    """Ordered path rules, compiled. The last one must hold for every path."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._answers = [FileClass(rule.chunk_class, rule.id, rule.whole) for rule in rules]
        self._everything = (1 << len(rules)) - 1
        self._dirs = _Table(rules, "dirs")
        self._unless_dirs = _Table(rules, "unless_dirs", default=0)
        self._names: dict[str, int] = {}
        self._suffixes: dict[str, int] = {}
        self._name_globs: _Patterns = []
        self._unnamed = 0
        self._paths: dict[int, re.Pattern[str]] = {}
        for index, rule in enumerate(rules):
            bit = 1 << index
            if "names" not in rule.lists and "suffixes" not in rule.lists:
                self._unnamed |= bit
            globs = [f"(?:{name_regex(name)})" for name in rule.lists.get("names", ()) if is_glob(name)]
            if globs:
                self._name_globs.append((re.compile("|".join(globs)), bit))
            for name in rule.lists.get("names", ()):
                if not is_glob(name):
                    self._names[name] = self._names.get(name, 0) | bit
            for suffix in rule.lists.get("suffixes", ()):
                self._suffixes[suffix] = self._suffixes.get(suffix, 0) | bit
            if "paths" in rule.lists:
                self._paths[index] = re.compile("|".join(map(path_regex, rule.lists["paths"])), re.DOTALL)
        self._any_glob = re.compile("|".join(f"(?:{one.pattern})" for one, _ in self._name_globs) or "(?!)", re.DOTALL)
        self._rules = rules
        self._dir_masks: dict[str, int] = {}
        self._name_masks: dict[str, int] = {}
        self._fact_masks: dict[tuple[str | None, frozenset[str]], int] = {}

    def file_class(self, path: str, language: str | None, attributes: frozenset[str]) -> FileClass:
        """The answer of the first rule that holds; paths are compared in lower case."""
        path = path.lower()
        directory, _, name = path.rpartition("/")
        dir_mask = self._dir_masks.get(directory)
        if dir_mask is None:
            dir_mask = _remember(self._dir_masks, directory, self._dir_mask(directory))
        name_mask = self._name_masks.get(name)
        if name_mask is None:
            name_mask = _remember(self._name_masks, name, self._name_mask(name))
        facts = (language, attributes)
        fact_mask = self._fact_masks.get(facts)
        if fact_mask is None:
            fact_mask = _remember(self._fact_masks, facts, self._fact_mask(language, attributes))
        mask = dir_mask & name_mask & fact_mask
        while True:
            lowest = mask & -mask
            index = lowest.bit_length() - 1
            glob = self._paths.get(index)
            if glob is None or glob.fullmatch(path):
                return self._answers[index]
            mask ^= lowest

    def _dir_mask(self, directory: str) -> int:
        return self._dirs.mask(directory) & ~self._unless_dirs.mask(directory)

    def _name_mask(self, name: str) -> int:
        mask = self._unnamed | self._names.get(name, 0)
        dot = name.find(".")
        if dot < 0:
            mask |= self._suffixes.get(NO_SUFFIX, 0)
        while dot >= 0:
            mask |= self._suffixes.get(name[dot:], 0)
            dot = name.find(".", dot + 1)
        if self._any_glob.fullmatch(name):
            for pattern, bit in self._name_globs:
                if pattern.fullmatch(name):
                    mask |= bit
        return mask

    def _fact_mask(self, language: str | None, attributes: frozenset[str]) -> int:
        mask = 0
        language = language or NO_LANGUAGE
        for index, rule in enumerate(self._rules):
            lists = rule.lists
            if (
                ("languages" not in lists or language in lists["languages"])
                and language not in lists.get("unless_languages", ())
                and ("attributes" not in lists or not attributes.isdisjoint(lists["attributes"]))
                and attributes.isdisjoint(lists.get("unless_attributes", ()))
            ):
                mask |= 1 << index
        return mask


class _Table:
    """Directory conditions of all rules.

    A directory meets what its parent meets and whatever ends in its own last name.
    """

    def __init__(self, rules: Sequence[Rule], key: str, default: int = -1) -> None:
        self._root = 0
        self._literal: dict[str, _Endings] = {}
        self._globs: list[tuple[re.Pattern[str], re.Pattern[str] | None, int]] = []
        for index, rule in enumerate(rules):
            bit = 1 << index
            if key not in rule.lists:
                self._root |= bit & default
            for glob in rule.lists.get(key, ()):
                name = glob.rstrip("/").rpartition("/")[2]
                anywhere = not glob.startswith("/")
                whole = re.compile(path_regex(glob, anywhere=anywhere), re.DOTALL) if "/" in glob else None
                if is_glob(name):
                    self._globs.append((re.compile(name_regex(name), re.DOTALL), whole, bit))
                else:
                    self._literal.setdefault(name, []).append((whole, bit))
        self._any_glob = re.compile("|".join(f"(?:{one[0].pattern})" for one in self._globs) or "(?!)", re.DOTALL)
        self._masks: dict[str, int] = {"": self._root}

    def mask(self, directory: str) -> int:
        """Rules whose condition the directory or one above it meets, with those that do not ask."""
        unknown: list[str] = []
        mask = self._masks.get(directory)
        # A loop, not recursion: the depth of a hostile path is not bounded.
        while mask is None:
            unknown.append(directory)
            directory = directory.rpartition("/")[0]
            mask = self._masks.get(directory, None if directory else self._root)
        for below in reversed(unknown):
            mask = _remember(self._masks, below, mask | self._ends(below))
        return mask

    def _ends(self, directory: str) -> int:
        name = directory.rpartition("/")[2]
        endings = self._literal.get(name, [])
        if self._any_glob.fullmatch(name):
            endings = endings + [(whole, bit) for last, whole, bit in self._globs if last.fullmatch(name)]
        mask = 0
        for whole, bit in endings:
            if whole is None or whole.fullmatch(directory):
                mask |= bit
        return mask


def _remember(memory: dict[_Key, int], key: _Key, mask: int) -> int:
    if len(key) <= LONGEST:
        if len(memory) >= MEMORY:
            memory.clear()
        memory[key] = mask
    return mask
