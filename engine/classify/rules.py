"""The rules in force: those that ship, with those of the configuration before them."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources

from engine.chunk.spans import FileChunks
from engine.classify.chunks import ChunkRules
from engine.classify.paths import PathRules
from engine.classify.schema import Rule, parse_rules
from engine.classify.verdict import FileClass, Verdict
from engine.errors import InputError
from engine.plugins import installed

_TEXT = (resources.files("engine.classify") / "rules.toml").read_bytes()
RULES_VERSION = hashlib.sha256(_TEXT).hexdigest()[:16]
"""Changes with the rules that ship. Part of the key of a cached analysis; see ``Rules.version`` for extended rules."""


class Rules:
    """A complete, ordered set of rules. Not tied to a repository; safe to keep and share."""

    def __init__(self, rules: Sequence[Rule], version: str) -> None:
        self.version = version
        """Changes when any rule does; the key of a cached analysis with these rules."""
        self.rules = tuple(rules)
        """All rules in the order they are tried."""
        self._paths = PathRules([rule for rule in rules if not rule.about_chunks])
        self._chunks = ChunkRules([rule for rule in rules if rule.about_chunks])
        self._reasons = {rule.id: rule.reason for rule in rules}

    def file_class(self, path: str, language: str | None = None, attributes: frozenset[str] = frozenset()) -> FileClass:
        """What the path says.

        Args:
            path: Relative to the root, ``/`` separated.
            language: Name from the language table, or None.
            attributes: ``SourceFile.attributes``.
        """
        return self._paths.file_class(path, language, attributes)

    def classify_spans(self, file: FileClass, chunks: FileChunks, text: bytes = b"") -> list[Verdict]:
        """One verdict per span, in order.

        Args:
            file: What ``file_class`` said.
            chunks: The chunker's outcome.
            text: ``SourceText.data``; rules with a ``head`` condition hold only with it.
        """
        return self._chunks.classify(file, chunks, text)

    def reason(self, rule_id: str) -> str:
        """The rule in words; the id itself when it is not known (rules of an older version)."""
        return self._reasons.get(rule_id, rule_id)


def load_rules(extra: Sequence[Mapping[str, object]] = (), source: str = "configuration") -> Rules:
    """The rules that ship, after those of plugins, after the given ones, which win.

    Args:
        extra: Tables with ``class``, conditions and, if wanted, ``id`` and ``reason``.
        source: Name of the file they come from, for messages.

    Raises:
        InputError: a table that is not a rule, with the key and the nearest valid one.
    """
    shipped = parse_rules(_tables(), "rules.toml")
    plugged, written = _of_plugins()
    if not extra and not plugged:
        return Rules(shipped, RULES_VERSION)
    own = parse_rules(extra, source, prefix="user")
    taken = {rule.id for rule in shipped}
    for rule in own:
        if rule.id in taken:
            raise InputError(f"{source}: the id {rule.id!r} belongs to a rule that ships", f"try 'my-{rule.id}'")
    import json  # only with rules of a configuration, which few have

    digest = hashlib.sha256(_TEXT + json.dumps(list(extra), sort_keys=True, default=str).encode() + written)
    return Rules([*own, *plugged, *shipped], digest.hexdigest()[:16])


@functools.cache
def default_rules() -> Rules:
    """The rules that ship, compiled once."""
    return load_rules()


def file_class(path: str, language: str | None = None, attributes: frozenset[str] = frozenset()) -> FileClass:
    """``Rules.file_class`` of the rules that ship."""
    return default_rules().file_class(path, language, attributes)


def classify_spans(file: FileClass, chunks: FileChunks, text: bytes = b"") -> list[Verdict]:
    """``Rules.classify_spans`` of the rules that ship."""
    return default_rules().classify_spans(file, chunks, text)


def reason(rule_id: str) -> str:
    """``Rules.reason`` of the rules that ship."""
    return default_rules().reason(rule_id)


def _of_plugins() -> tuple[list[Rule], bytes]:
    """Rules of plugins, and what they are written as."""
    if not installed("packsight.class_rules"):
        return [], b""
    from engine.classify import plugged

    return plugged.rules()


def _tables() -> list[Mapping[str, object]]:
    rules = tomllib.loads(_TEXT.decode("utf-8"))["rule"]
    assert isinstance(rules, list)
    return rules
