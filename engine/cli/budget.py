"""``packsight budget``: the saved budget of a repository and model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from engine.cli.options import db_option, model_option, path_argument
from engine.cli.session import session, settled
from engine.cli.terminal import visible, write_result
from engine.errors import UsageError


@click.command(name="budget")
@click.argument("what", metavar="[N|show|clear]", default="show")
@path_argument
@model_option
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(what: str, path: str, model: str | None, db: str | None, as_json: bool) -> None:
    """The budget that packs of a repository use when no flag, variable or profile in use names one.

    N saves it (32000, 32k, 1M or 40% of the window), clear forgets it. It holds for one model, and for every clone
    of the repository, and goes before what .packsight.toml and your own configuration say.
    """
    if what not in ("show", "clear") and not what[:1].isdigit():
        raise UsageError(f"'{what}' is neither a budget nor show or clear", "write 32000, 32k, 1M or 40% of the window")
    with session(path, {"model": model, "db": db}, quiet=True, no_cache=True) as opened:
        budget = opened.inspector.budget(Path(path), opened.config["model"], opened.config)
        if what == "clear":
            budget.clear()
        elif what != "show":
            budget.save(what)
        state = budget.show()
        in_force = settled(opened, path)
        if in_force.settings["budget"] != opened.config.settings["budget"]:
            state = replace(budget, config=in_force).show()
    write_result(json.dumps(state, indent=2) if as_json else _text(state))


def _text(state: dict[str, Any]) -> str:
    saved, in_force = state["budget"], state["in_force"]
    lines = [
        f"{visible(state['repository'])} with {state['model']}",
        "no budget saved"
        if saved is None
        else f"{saved:,} tokens saved, {saved / state['context_window']:.1%} of the window",
    ]
    if saved != in_force:
        lines.append(f"{in_force:,} tokens in force, from {visible(state['origin'])}")
    return "\n".join(lines)
