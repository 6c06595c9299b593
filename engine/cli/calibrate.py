"""``packsight calibrate``: learn output budgets from recorded calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.cli.calibrate_text import backtest_text, bands_text, history_text, proposals_text
from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.telemetry_options import filter_options, take_filter
from engine.cli.terminal import visible, write_result
from engine.errors import UsageError
from engine.telemetry.filters import EventFilter


@click.command(name="calibrate")
@click.option("--backtest", is_flag=True, help="Replay recorded calls under every policy.")
@click.option("--apply", "is_apply", is_flag=True, help="Put proposals in force as a new estimator version.")
@click.option("--cell", "cells", multiple=True, metavar="NAME", help="Apply only this proposal (docs/low); repeatable.")
@click.option("--rollback", is_flag=True, help="Undo what was applied last.")
@click.option("--history", is_flag=True, help="List every change of the estimator version.")
@click.option("--trial", metavar="CELL[=N]", help="Try a lower base (docs/low=3584); it is taken back if it fails.")
@click.option("--from-csv", type=click.Path(), metavar="FILE", help="Replay a trace file, .gz too, not the store.")
@click.option("--tokens", is_flag=True, help="Error bands of token counts instead: ours against the providers'.")
@click.option(
    "--logs", multiple=True, type=click.Path(path_type=Path), metavar="PATH",
    help="With --tokens: session logs of Claude Code, whose tools' texts count too; repeatable.",
)  # fmt: skip
@click.option("--target", type=float, metavar="SHARE", help="Share of calls that may be cut off (default: 0.05).")
@click.option("--initial", type=int, metavar="N", help="Budget that a replay starts with (default: 4096).")
@filter_options
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    backtest: bool, is_apply: bool, cells: tuple[str, ...], rollback: bool, history: bool, trial: str | None,
    from_csv: str | None, tokens: bool, logs: tuple[Path, ...], target: float | None, initial: int | None,
    db: str | None, as_json: bool, **words: Any,
) -> None:  # fmt: skip
    """Propose output budgets from recorded calls. Nothing changes without --apply.

    Answers that were cut off count as longer than their ceiling (Kaplan-Meier), not as that long.

    \b
    packsight calibrate                      proposals, cell by cell
    packsight calibrate --apply --cell docs/low
    packsight calibrate --tokens             how far token counts are from what providers counted
    packsight calibrate --backtest --from-csv output_lengths.csv.gz --target 0.05
    """
    wanted = take_filter(words)
    asked = [name for name, is_asked in (
        ("--backtest", backtest), ("--apply", is_apply), ("--rollback", rollback), ("--history", history),
        ("--trial", trial is not None),
    ) if is_asked]  # fmt: skip
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} cannot be done at once", "one after the other")
    if not backtest and (from_csv is not None or initial is not None):
        raise UsageError("--from-csv and --initial belong to --backtest")
    if tokens and asked not in ([], ["--apply"]):
        raise UsageError(f"--tokens and {asked[0]} exclude each other", "it goes with --apply and --cell")
    if tokens and (target is not None or wanted != EventFilter()):
        raise UsageError("--tokens takes all recorded packs", "leave out --target and the options that pick calls")
    if logs and not tokens:
        raise UsageError("--logs belongs to --tokens", "packsight telemetry import takes over the calls of logs")
    with session(None, {"db": db}, quiet=True, no_cache=True) as opened:
        bands = opened.inspector.bands(opened.config)
        learning = opened.inspector.calibration(opened.config)
        if tokens and is_apply:
            found: Any = bands.apply(logs, cells)
            text = bands_text(found["applied"], f"applied as {found['version']}; undo with --rollback")
        elif tokens:
            found = bands.report(logs)
            text = bands_text(found["tokens"], f"estimator {found['version']}; --apply states what was measured")
        elif backtest:
            path = None if from_csv is None else Path(from_csv)
            found = learning.backtest(wanted, csv_file=path, target=target, initial_tokens=initial)
            text = backtest_text(found)
        elif history:
            found = learning.history()
            text = history_text(found)
        elif rollback:
            found = learning.roll_back()
            text = f"{visible(found['before'])} -> {visible(found['version'])}"
        elif trial is not None:
            found = learning.start_trial(trial)
            text = f"{visible(found['version'])}: {visible(found['trial'])} on trial"
        elif is_apply:
            found = learning.apply(wanted, target, cells)
            text = proposals_text(found["applied"], f"applied as {found['version']}; undo with --rollback")
        else:
            found = learning.report(wanted, target)
            note = f"estimator {found['version']}, at most {found['target']:.1%} to be cut off"
            text = proposals_text(found["proposals"], note)
    write_result(json.dumps(found, indent=2) if as_json else text)
