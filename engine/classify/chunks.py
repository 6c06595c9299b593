"""Second stage: the class of every chunk, from the class of its file and what the chunker says about it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.chunk.spans import FileChunks, Role, Span, Trait
from engine.classify.schema import Rule
from engine.classify.verdict import FileClass, Verdict
from engine.model import ChunkClass

_SPAN_KEYS = frozenset({"kinds", "unless_kinds", "traits", "parents", "mostly_roles", "unless_only_roles"})
_BLANK = bytes([Role.BLANK])
HEAD_BYTES = 4096
"""How much of a file a ``head`` condition sees."""
HEAD_LINES = 40
"""Lines whose roles a ``head_roles`` condition sees."""
MOSTLY = 2 / 3
"""Share of a chunk's lines (blank ones apart) that ``mostly_roles`` asks for."""


class ChunkRules:
    """Ordered rules about chunks, compiled. Where none holds, the class of the file stands."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [_Compiled(rule) for rule in rules]

    def classify(self, file: FileClass, chunks: FileChunks, text: bytes = b"") -> list[Verdict]:
        """One verdict per span, in order. ``text`` is for rules that look at it."""
        default = Verdict(file.chunk_class, file.rule_id)
        if file.whole or not chunks.spans:
            return [default] * len(chunks.spans)
        facts = _FileFacts(file, chunks, text)
        active = [rule for rule in self._rules if rule.holds_for_file(facts)]
        if active and active[0].whole_file:
            return [active[0].verdict] * len(chunks.spans)
        verdicts: list[Verdict] = []
        # A file repeats a few kinds of chunks, so which rules are about a kind is found out once.
        about: dict[tuple[str, int, ChunkClass | None], list[_Compiled]] = {}
        for span in chunks.spans:
            parent = verdicts[span.parent].chunk_class if 0 <= span.parent < len(verdicts) else None
            traits = span.traits._value_
            key = (span.kind, traits, parent)
            rules = about.get(key)
            if rules is None:
                rules = about[key] = [rule for rule in active if rule.is_about(span.kind, traits, parent)]
            verdict = default
            for rule in rules:
                if rule.holds_for_lines(span, facts):
                    verdict = rule.verdict
                    break
            verdicts.append(verdict)
        return verdicts


class _FileFacts:
    """What file-wide conditions ask for, gathered once."""

    def __init__(self, file: FileClass, chunks: FileChunks, text: bytes) -> None:
        self.chunk_class = file.chunk_class.value
        self.language = chunks.language
        self.rule_id = file.rule_id
        self.note = chunks.note
        self.method = chunks.method
        self.head_roles = frozenset(chunks.roles[:HEAD_LINES])
        self.roles = chunks.roles
        self.lines = len(chunks.roles)
        self.head = text[:HEAD_BYTES].decode("utf-8", "replace").lower()
        # Plain integers: arithmetic on flags costs a microsecond each time.
        self.traits = 0
        for value in {span.traits._value_ for span in chunks.spans}:
            self.traits |= value
        self._chunks = chunks
        self._defines: set[str] | None = None

    def defines(self, names: frozenset[str]) -> bool:
        """Whether the file defines one of the names."""
        if self._defines is None:
            self._defines = {name.lower() for names in self._chunks.defines for name in names}
        return not self._defines.isdisjoint(names)


class _Compiled:
    """One rule with its words as sets and flags."""

    def __init__(self, rule: Rule) -> None:
        lists = rule.lists
        self.verdict = Verdict(rule.chunk_class, rule.id)
        self.whole_file = _SPAN_KEYS.isdisjoint(lists) and not rule.min_lines
        self._in_classes = frozenset(lists.get("in_classes", ()))
        self._languages = frozenset(lists.get("chunk_languages", ()))
        self._notes = frozenset(lists.get("notes", ()))
        self._methods = frozenset(lists.get("methods", ()))
        self._file_rules = frozenset(lists.get("file_rules", ()))
        self._unless_file_rules = frozenset(lists.get("unless_file_rules", ()))
        self._head_roles = _roles(lists.get("head_roles", ()))
        self._mostly_roles = bytes(_roles(lists.get("mostly_roles", ())))
        self._only_roles = bytes(_roles(lists.get("unless_only_roles", ())))
        self._file_traits = _flags(lists.get("file_traits", ()))
        self._defines = frozenset(lists.get("file_defines", ()))
        self._unless_defines = frozenset(lists.get("unless_file_defines", ()))
        self._min_file_lines = rule.min_file_lines
        self._head = rule.head.lower()
        self._kinds = frozenset(lists.get("kinds", ()))
        self._unless_kinds = frozenset(lists.get("unless_kinds", ()))
        self._traits = _flags(lists.get("traits", ()))
        self._parents = frozenset(ChunkClass(one) for one in lists.get("parents", ()))
        self._min_lines = rule.min_lines

    def holds_for_file(self, facts: _FileFacts) -> bool:
        return (
            (not self._in_classes or facts.chunk_class in self._in_classes)
            and (not self._languages or facts.language in self._languages)
            and (not self._notes or facts.note in self._notes)
            and (not self._file_traits or facts.traits & self._file_traits != 0)
            and (not self._methods or facts.method in self._methods)
            and (not self._file_rules or facts.rule_id in self._file_rules)
            and facts.rule_id not in self._unless_file_rules
            and (not self._head_roles or not self._head_roles.isdisjoint(facts.head_roles))
            and facts.lines >= self._min_file_lines
            and (not self._head or self._head in facts.head)
            and (not self._defines or facts.defines(self._defines))
            and not (self._unless_defines and facts.defines(self._unless_defines))
        )

    def is_about(self, kind: str, traits: int, parent: ChunkClass | None) -> bool:
        return (
            (not self._kinds or kind in self._kinds)
            and kind not in self._unless_kinds
            and (not self._traits or traits & self._traits != 0)
            and (not self._parents or parent in self._parents)
        )

    def holds_for_lines(self, span: Span, facts: _FileFacts) -> bool:
        return (
            (not self._min_lines or len(_filled(span, facts.roles)) >= self._min_lines)
            and (not self._mostly_roles or _share(_filled(span, facts.roles), self._mostly_roles) >= MOSTLY)
            and (not self._only_roles or _share(_filled(span, facts.roles), self._only_roles) < 1)
        )


def _filled(span: Span, roles: bytes) -> bytes:
    return roles[span.start : span.end].replace(_BLANK, b"")


def _share(lines: bytes, roles: bytes) -> float:
    return 1 - len(lines.translate(None, roles)) / len(lines) if lines else 0.0


def _roles(words: Sequence[str]) -> frozenset[int]:
    return frozenset(Role[word.upper()].value for word in words)


def _flags(words: Sequence[str]) -> int:
    flags = 0
    for word in words:
        flags |= Trait[word.upper()].value
    return flags
