"""Learn output budgets from recorded calls: propose, apply, roll back, replay. Answers are the commands' JSON."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.budgets import Version
from engine.budgets.trial import has_failed, has_stood, planned_trial
from engine.errors import Cancelled, InputError, UsageError
from engine.events import Emit, IsCancelled, Progress, ignore, never
from engine.store.address import address_of
from engine.telemetry.calibrate.backtest import backtest, name_of
from engine.telemetry.calibrate.calls import Call, call_of
from engine.telemetry.calibrate.policies import policies
from engine.telemetry.calibrate.proposals import Proposal, propose
from engine.telemetry.calibrate.settings import Settings, settings
from engine.telemetry.calibrate.trace_file import read_trace
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import to_us
from engine.telemetry.versions import StartedTrial, VersionBody, read_body, write_body
from engine.usecases.estimator import budget_of, version_in_force
from engine.usecases.pack_records import take_packs
from engine.usecases.proposal_json import proposal_json

INITIAL_TOKENS = 4096
"""Budget that a replay starts with when nobody names one."""
EVERYTHING = EventFilter()
"""Calls to learn from when nobody says which."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration over one database."""

    url: str
    """``""`` is the user's own file."""
    emit: Emit = ignore
    """Receives the progress of a replay."""
    cancelled: IsCancelled = never
    """Asked during a replay."""

    def proposals(self, wanted: EventFilter = EVERYTHING, target: float | None = None) -> tuple[Proposal, ...]:
        """What history suggests, cell by cell; changes nothing.

        Raises:
            InputError: the database cannot be read.
            UsageError: the target is no share.
        """
        from engine.store.database import open_database
        from engine.store.telemetry_windows import latest_calls

        require_every_outcome(wanted)
        rules = settings()
        aim = checked_target(target, rules)
        if not address_of(self.url).exists:
            return ()
        version = version_in_force(self.url)
        with open_database(self.url, create=False) as database:
            take_packs(database, self.url)
            calls = latest_calls(database, wanted, rules.window)
        return propose(calls, lambda cell: budget_of(cell, version), aim, rules)

    def report(self, wanted: EventFilter = EVERYTHING, target: float | None = None) -> dict[str, Any]:
        """The proposals as JSON.

        Raises:
            InputError: as ``proposals``.
            UsageError: as ``proposals``.
        """
        found = self.proposals(wanted, target)
        version, aim = version_in_force(self.url), checked_target(target, settings())
        return {
            "version": version.name,
            "target": aim,
            "proposals": [proposal_json(one, aim) for one in found],
            "trials": [
                {**asdict(one), "state": "taken back" if has_failed(one) else "stood" if has_stood(one) else "running"}
                for one in version.trials
            ],
        }

    def apply(
        self,
        wanted: EventFilter = EVERYTHING,
        target: float | None = None,
        cells: Sequence[str] = (),
        seen: Mapping[str, int] | None = None,
    ) -> dict[str, Any]:
        """Make a version of proposals and put it in force.

        Args:
            wanted: Calls to learn from.
            target: Share of calls that may be cut off.
            cells: Names of the cells that are accepted, or the parts they begin with (``docs/low``); none for all.
            seen: Budget by cell that a person accepted; calls that came since may propose another one.

        Raises:
            InputError: no proposal changes anything, one is not what was seen, or the database cannot be written.
            UsageError: a name is that of no proposal.
        """
        from engine.store.database import open_database
        from engine.store.estimator_versions import apply_version, current_version

        accepted = [one for one in self._accepted(wanted, target, cells) if one.can_be_applied]
        if not accepted:
            raise InputError("there is nothing to apply: no proposal changes a budget", "see packsight calibrate")
        for one in accepted:
            name, now = name_of(one.cell), one.budget_tokens
            known = (seen or {}).get(name, now)
            if known != now:
                raise InputError(
                    f"calls came in meanwhile: {name} is proposed {now:,} tokens now, not {known:,}",
                    "look at the proposals again",
                )
        with open_database(self.url, create=False) as database:
            current = current_version(database)
            before = VersionBody() if current is None else read_body(current.body)
            body = replace(before, learned={**before.learned, **{one.cell: one.learned() for one in accepted}})
            names = ", ".join(name_of(one.cell) for one in accepted)
            saved = apply_version(database, write_body(body), "apply", names, current.name if current else "")
        return {
            "version": saved.name,
            "before": current.name if current else "",
            "applied": [proposal_json(one, checked_target(target, settings())) for one in accepted],
        }

    def start_trial(self, written: str) -> dict[str, Any]:
        """Put a base on trial (``docs/low`` or ``docs/low=3584``); it is taken back by itself when it fails.

        Raises:
            InputError: the database cannot be written.
            UsageError: it names no trial.
        """
        from engine.store.database import open_database
        from engine.store.estimator_versions import apply_version, current_version

        plan = planned_trial(written)
        now = datetime.datetime.now(datetime.UTC)
        started = StartedTrial(plan.category, plan.complexity, plan.base_tokens, now)
        with open_database(self.url, create=True) as database:
            current = current_version(database)
            before = VersionBody() if current is None else read_body(current.body)
            others = [
                one for one in before.trials if (one.category, one.complexity) != (plan.category, plan.complexity)
            ]
            body = replace(before, trials=(*others, started))
            note = f"{plan.category}/{plan.complexity} = {plan.base_tokens}"
            saved = apply_version(database, write_body(body), "trial", note, current.name if current else "")
        return {"version": saved.name, "before": current.name if current else "", "trial": note}

    def roll_back(self) -> dict[str, Any]:
        """Undo what was applied last.

        Raises:
            InputError: there is nothing to undo, or the database cannot be written.
        """
        from engine.store.database import open_database
        from engine.store.estimator_versions import current_version, roll_back

        with open_database(self.url, create=False) as database:
            before = current_version(database)
            move = roll_back(database)
        return {"version": move.version or Version().name, "before": before.name if before else ""}

    def history(self) -> list[dict[str, Any]]:
        """Every change of the version in force, oldest first.

        Raises:
            InputError: the database cannot be read.
        """
        if not address_of(self.url).exists:
            return []
        from engine.store.database import open_database
        from engine.store.estimator_versions import version_history

        with open_database(self.url, create=False) as database:
            return [
                {
                    "number": move.number,
                    "version": move.version or Version().name,
                    "action": move.action,
                    "note": move.note,
                    "at": move.moved_at.isoformat(timespec="seconds"),
                }
                for move in version_history(database)
            ]

    def backtest(
        self,
        wanted: EventFilter = EVERYTHING,
        *,
        csv_file: Path | None = None,
        target: float | None = None,
        initial_tokens: int | None = None,
    ) -> dict[str, Any]:
        """Replay calls of the store, or of a trace file, under every policy.

        Args:
            wanted: Calls of the store.
            csv_file: ``trace,seconds,input_tokens,output_tokens``, plain or gzipped, instead of the store.
            target: Share of calls that may be cut off.
            initial_tokens: Budget before anything was seen.

        Raises:
            InputError: there are no calls, or what holds them cannot be read.
            UsageError: a figure makes no sense.
            Cancelled: on request.
        """
        require_every_outcome(wanted)
        rules = settings()
        aim, initial = checked_target(target, rules), INITIAL_TOKENS if initial_tokens is None else initial_tokens
        if not 0 < initial <= rules.longest_tokens:
            raise UsageError(f"{initial} tokens cannot be a budget", f"write a number up to {rules.longest_tokens:,}")
        calls = read_trace(csv_file, rules) if csv_file is not None else self._calls(wanted)
        version = version_in_force(self.url) if csv_file is None else Version()
        made = policies(initial, aim, lambda cell: budget_of(cell, version), rules)
        source = str(csv_file) if csv_file is not None else address_of(self.url).shown

        def passed(count: int) -> None:
            if self.cancelled():
                raise Cancelled("stopped")
            self.emit(Progress("replay", count, len(calls)))

        return {"source": source, "initial": initial, "version": version.name, **backtest(calls, made, aim, passed)}

    def _calls(self, wanted: EventFilter) -> list[Call]:
        from engine.store.database import open_database
        from engine.store.telemetry_read import each_event

        with open_database(self.url, create=False) as database:
            read = (call_of(event, to_us(event.timestamp)) for event in each_event(database, wanted))
            calls = [call for call in read if call is not None]
        if not calls:
            raise InputError("there are no recorded calls to replay", "packsight telemetry import, or --from-csv FILE")
        return calls

    def _accepted(self, wanted: EventFilter, target: float | None, cells: Sequence[str]) -> list[Proposal]:
        found = self.proposals(wanted, target)
        if not cells:
            return list(found)
        names = {name_of(one.cell): one for one in found}
        chosen: dict[str, Proposal] = {}
        for cell in cells:
            # A name means itself, though others may go on from it; else whatever goes on from it by whole parts.
            under = [name for name in names if name == cell] or [name for name in names if name.startswith(f"{cell}/")]
            if not under:
                raise UsageError(f"there is no proposal for '{cell[:80]}'", f"proposals: {', '.join(names) or 'none'}")
            chosen.update({name: names[name] for name in under})
        return [one for name, one in names.items() if name in chosen]


def require_every_outcome(wanted: EventFilter) -> None:
    """Refuse to learn from calls that were picked by how they ended.

    Raises:
        UsageError: the filter names outcomes.
    """
    if wanted.outcomes:
        raise UsageError(
            "calls to learn from cannot be picked by outcome",
            "without those that were cut off, every budget comes out too low",
        )


def checked_target(target: float | None, rules: Settings) -> float:
    """The share of calls that may be cut off.

    Raises:
        UsageError: it is none.
    """
    if target is None:
        return rules.target
    if not (math.isfinite(target) and 0 < target < 1):
        raise UsageError(f"{target:g} is no share of calls", "write 0.05 for one call in twenty")
    return target
