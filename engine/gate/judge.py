"""Holding rules against sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.gate.folders import folder_sizes, folders_matching
from engine.gate.measures import FileSize, Measures, PackOutcome
from engine.gate.packs import judge_pack
from engine.gate.remedies import for_file, for_grower, for_growth, for_many
from engine.gate.rules import (
    CHANGED,
    CHANGED_GROWTH,
    CLASS,
    DIR,
    FILE,
    GLOB,
    GROWTH,
    PACK,
    TOTAL,
    Rule,
)
from engine.gate.verdict import Growth, Outcome, Total, Violation
from engine.gitglobs import git_globs
from engine.model import CLASSES

MOST_CONTRIBUTORS = 5
"""Contributors that a violation names."""


def growths(measures: Measures) -> tuple[Growth, ...]:
    """Files whose tokens differ from the base, the biggest growers first; files that are gone have 0 now."""
    if measures.base is None:
        return ()
    before = measures.before()
    here = {change.old_path if (change := measures.changed.get(path)) else path for path in before}
    rows = [Growth(file.path, before[file.path], file.tokens) for file in measures.files]
    rows += [Growth(file.path, file.tokens, 0) for file in measures.base if file.path not in here]
    return tuple(sorted((row for row in rows if row.tokens), key=lambda row: (-row.tokens, row.path)))


def judge(rules: Sequence[Rule], measures: Measures, packs: Sequence[PackOutcome]) -> tuple[Outcome, ...]:
    """Hold every rule against a repository.

    Args:
        rules: In the order of the report; those that need a base only with one.
        measures: The repository.
        packs: What the packs that rules demand came to, in the order of those rules.
    """
    judged = _Judge(measures)
    left = iter(packs)
    return tuple(judge_pack(rule, next(left)) if rule.kind.key == PACK else judged.outcome(rule) for rule in rules)


class _Judge:
    """Rules about files, against one repository."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._total = measures.total_tokens
        self._grown = growths(measures)
        self._before = measures.before() if measures.base is not None else {}
        self._by_kind: dict[str, Callable[[Rule], Outcome]] = {
            TOTAL: lambda rule: self._many(rule, measures.files, ""),
            GROWTH: self._growth,
            FILE: self._each,
            GLOB: lambda rule: self._many(rule, self._matching(rule.name), rule.name),
            CLASS: self._class,
            DIR: self._folders,
            CHANGED: self._each,
            CHANGED_GROWTH: self._each_growth,
        }

    def outcome(self, rule: Rule) -> Outcome:
        """What a rule finds."""
        return self._by_kind[rule.kind.key](rule)

    def _whole(self, rule: Rule) -> int:
        """What 100 % are for a rule about more than one file."""
        of = {"window": self._measures.window_tokens, "total": self._total, "base": self._measures.base_tokens}
        return of[rule.kind.percent_of]

    def _matching(self, glob: str) -> list[FileSize]:
        spec = git_globs([glob])
        # Patterns end at a line break, so a name with one would slip through.
        return [file for file in self._measures.files if spec.match_file(file.path.replace("\n", "\ufffd"))]

    def _asked(self, rule: Rule) -> list[FileSize]:
        """Files that a rule about single files looks at."""
        only, changed = self._measures.only, self._measures.changed
        return [
            file
            for file in self._matching(rule.name)
            if (only is None or file.path in only) and (not rule.kind.base or file.path in changed)
        ]

    def _many(self, rule: Rule, files: Sequence[FileSize], subject: str) -> Outcome:
        limit, measured = rule.limit.of(self._whole(rule)), sum(file.tokens for file in files)
        found = [self._too_many(rule, files, subject, limit, measured)] if measured > limit else []
        return Outcome(rule, len(files), tuple(found))

    def _too_many(self, rule: Rule, files: Sequence[FileSize], subject: str, limit: int, measured: int) -> Violation:
        largest = _largest(files)
        return self._violation(
            rule, subject, limit, measured, largest, for_many(rule, files, limit, measured, self._whole(rule))
        )

    def _growth(self, rule: Rule) -> Outcome:
        limit, measured = rule.limit.of(self._whole(rule)), self._total - self._measures.base_tokens
        if measured <= limit:
            return Outcome(rule, len(self._measures.files))
        growers = tuple(Total(row.path, row.tokens) for row in self._grown[:MOST_CONTRIBUTORS] if row.tokens > 0)
        remedy = for_growth(rule, self._grown, limit, measured, self._whole(rule))
        found = self._violation(rule, "", limit, measured, growers, remedy)
        return Outcome(rule, len(self._measures.files), (found,))

    def _class(self, rule: Rule) -> Outcome:
        at = [one.value for one in CLASSES].index(rule.name)
        files = [
            FileSize(file.path, file.classes[at], file.classes) for file in self._measures.files if file.classes[at]
        ]
        return self._many(rule, files, rule.name)

    def _folders(self, rule: Rule) -> Outcome:
        sizes = folder_sizes(self._measures.files)
        folders, limit = folders_matching(rule.name, sizes), rule.limit.of(self._whole(rule))
        found = []
        for folder in folders:
            if sizes[folder] > limit:
                inside = [file for file in self._measures.files if folder == "." or file.path.startswith(f"{folder}/")]
                found.append(self._too_many(rule, inside, folder, limit, sizes[folder]))
        return Outcome(rule, len(folders), tuple(found))

    def _each(self, rule: Rule) -> Outcome:
        files, limit = self._asked(rule), rule.limit.of(self._whole(rule))
        found = []
        for file in sorted((file for file in files if file.tokens > limit), key=lambda file: -file.tokens):
            parts = self._measures.parts(file.path)
            remedy, line = for_file(rule, file.tokens, limit, parts, self._whole(rule))
            shown = tuple(
                Total(f"{file.path}:{part.start_line}-{part.end_line} {part.name}".rstrip(), part.tokens)
                for part in sorted(parts, key=lambda part: -part.tokens)[:MOST_CONTRIBUTORS]
            )
            found.append(self._violation(rule, file.path, limit, file.tokens, shown, remedy, self._line(file, line)))
        return Outcome(rule, len(files), tuple(found))

    def _each_growth(self, rule: Rule) -> Outcome:
        files, found = self._asked(rule), []
        for file in files:
            before = self._before[file.path]
            limit, measured = rule.limit.of(before), file.tokens - before
            # Of a file that is new, nothing is a percentage.
            if measured <= limit or (rule.limit.percent is not None and not before):
                continue
            shown = (Total(file.path, measured),)
            remedy = for_grower(rule, measured, limit, before)
            found.append(self._violation(rule, file.path, limit, measured, shown, remedy, self._line(file, 1)))
        found.sort(key=lambda violation: -violation.over)
        return Outcome(rule, len(files), tuple(found))

    def _line(self, file: FileSize, line: int) -> int:
        changed = self._measures.changed.get(file.path)
        return changed.line if changed else line

    def _violation(
        self, rule: Rule, subject: str, limit: int, measured: int, largest: Sequence[Total], remedy: str, line: int = 0
    ) -> Violation:
        grown = rule.kind.key in (GROWTH, CHANGED_GROWTH)
        share = f", {100 * (measured - limit) / limit:.1f}%" if limit else ""
        of = f" ({rule.limit} of the {rule.kind.percent_of})" if rule.limit.percent is not None else ""
        message = (
            f"{'grew by ' if grown else ''}{measured:,} tokens, the limit is {limit:,}{of}: "
            f"{measured - limit:,} too many{share}"
        )
        path = subject if line else rule.file or (largest[0].path if largest else "")
        return Violation(
            rule, subject, limit, measured, "tokens", message, tuple(largest), remedy, path,
            line or (rule.line if rule.file else 0) or 1,
        )  # fmt: skip


def _largest(files: Sequence[FileSize]) -> tuple[Total, ...]:
    ordered = sorted(files, key=lambda file: (-file.tokens, file.path))[:MOST_CONTRIBUTORS]
    return tuple(Total(file.path, file.tokens) for file in ordered if file.tokens)
