"""The budget gate on a repository: measure it and its base, pack what rules demand, and judge."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import InputError, UsageError
from engine.events import Emit, IsCancelled, Warned
from engine.gate import FileSize, Measures, PackOutcome, Rule, Verdict, judge
from engine.gate.judge import growths
from engine.gate.measures import ChangedFile
from engine.gate.rules import PACK
from engine.request import ScanRequest
from engine.usecases.check_sizes import file_parts, file_sizes
from engine.usecases.repository import Repository
from engine.visible import visible_text
from engine.walk import Changes, changes_since

NO_BASE = "none"
"""In place of a base: there is none, and rules that need one are left out."""
_MOST_NAMED = 5
_ZEROS = frozenset("0")

Open = Callable[[ScanRequest], Repository]
PackOf = Callable[[Rule], PackOutcome]


def check_repository(
    request: ScanRequest,
    rules: Sequence[Rule],
    base: str,
    only: Sequence[str] | None,
    opened: tuple[Open, PackOf],
    emit: Emit,
    cancelled: IsCancelled,
) -> Verdict:
    """Hold rules against a repository.

    Args:
        request: Which files, counted for which model.
        rules: Those in force.
        base: Revision to compare with, or ``""``; ``main...`` is the commit from which ``main`` and what is checked
            went apart; ``none`` says that there is none.
        only: Paths of files, as a person writes them, that rules about single files look at; None for all.
        opened: Opens a repository, and makes the pack that a rule demands.
        emit: Told about rules that are about no file.
        cancelled: Asked several times a second.

    Raises:
        UsageError: there are no rules, or rules need a base and there is none.
        InputError: no repository, no such base, or a base that a shallow clone does not hold.
        Cancelled: ``cancelled`` said so.
    """
    if base == NO_BASE:
        base, rules = "", _without_base(rules, emit)
    else:
        _require(rules, base)
    repository = opened[0](request)
    listing = repository.listing
    here = listing.repository
    rules = tuple(_in_repository(rule, listing.root) for rule in rules)
    measures = Measures(
        window_tokens=repository.model.context_window,
        files=file_sizes(repository.columns()[0]),
        only=None if only is None else frozenset(_below(listing.root, path) for path in only),
        parts=file_parts(repository),
    )
    base_revision = ""
    if base:
        try:
            changes = changes_since(listing, base, cancelled=cancelled)
        except InputError as error:
            if here is not None and Path(here.common_dir, "shallow").exists():
                raise _shallow(base) from error
            raise
        base_revision = changes.base
        measures = _compared(measures, changes, lambda: opened[0](replace(request, rev=base_revision)))
    outcomes = judge(rules, measures, [opened[1](rule) for rule in rules if rule.kind.key == PACK])
    _warn(outcomes_without_files=[o.rule for o in outcomes if not o.looked_at], only=only, emit=emit)
    return Verdict(
        root=str(listing.root),
        prefix=listing.place.prefix,
        model=repository.model.id,
        encoding=repository.model.encoding,
        method=repository.model.method.value,
        context_window=repository.model.context_window,
        revision=listing.revision,
        base=base,
        base_revision=base_revision,
        files=len(measures.files),
        total_tokens=measures.total_tokens,
        base_tokens=measures.base_tokens,
        grown=growths(measures),
        outcomes=outcomes,
    )


def _require(rules: Sequence[Rule], base: str) -> None:
    if not rules:
        raise UsageError(
            "there is nothing to check", "name a limit (--max-total 500k), or set [check] in .packsight.toml"
        )
    needing = [rule for rule in rules if rule.kind.base]
    if needing and not base:
        raise UsageError(
            f"'{needing[0].kind.key}' compares with a base, and none is named",
            'give --base origin/main, or set base = "origin/main" in [check]',
        )
    if base and set(base) == _ZEROS:
        raise InputError(
            "the base is all zeros, which names no commit", "it is what CI systems call the base of a new branch"
        )


def _without_base(rules: Sequence[Rule], emit: Emit) -> tuple[Rule, ...]:
    left_out = sorted({rule.kind.key for rule in rules if rule.kind.base})
    if left_out:
        emit(Warned(f"not checked, for there is no base: {', '.join(left_out)}"))
    return tuple(rule for rule in rules if not rule.kind.base)


def _shallow(base: str) -> InputError:
    return InputError(
        f"'{visible_text(base)[:200]}' is not in this shallow clone",
        "fetch it: fetch-depth: 0 for actions/checkout, or git fetch --depth=1 origin REVISION",
    )


def _compared(measures: Measures, changes: Changes, open_base: Callable[[], Repository]) -> Measures:
    sizes: tuple[FileSize, ...] = ()
    if not _is_new(measures, changes):
        base = open_base()
        try:
            sizes = file_sizes(base.columns()[0])
        finally:
            base.listing.content.close()
    changed = {
        change.path: ChangedFile(change.old_path or change.path, max(1, change.hunks[0].start if change.hunks else 1))
        for change in changes.files
        if change.kind != "deleted"
    }
    return replace(measures, base=sizes, changed=changed)


def _is_new(measures: Measures, changes: Changes) -> bool:
    """Whether nothing of it was there in the base, where a folder that is new could not even be opened."""
    added = {change.path for change in changes.files if change.kind == "added"}
    return len(added) == len(changes.files) and all(file.path in added for file in measures.files)


def _in_repository(rule: Rule, root: Path) -> Rule:
    """Name the settings file of a rule relative to the root; one that lies elsewhere is no place to point at."""
    if not rule.file:
        return rule
    file = Path(os.path.realpath(rule.file))
    return replace(rule, file=file.relative_to(root).as_posix() if file.is_relative_to(root) else "")


def _below(root: Path, path: str) -> str:
    """A file as the listing names it. The last part stays as it is: a link is not what it leads to."""
    folder, name = os.path.split(os.path.abspath(path))
    return Path(os.path.relpath(os.path.join(os.path.realpath(folder), name), root)).as_posix()


def _warn(outcomes_without_files: Sequence[Rule], only: Sequence[str] | None, emit: Emit) -> None:
    lost = [f"'{visible_text(rule.title)}'" for rule in outcomes_without_files if rule.name and not rule.kind.base]
    if lost and only is None:
        more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
        emit(Warned(f"nothing matches {', '.join(lost[:_MOST_NAMED])}{more}"))
