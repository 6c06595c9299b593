"""``packsight estimate``: the output budget of a task, with the decision trace."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import click

from engine.budgets.task import Task
from engine.cli.options import db_option, model_option, named
from engine.cli.session import session
from engine.cli.tables import table
from engine.cli.terminal import visible, write_result
from engine.cli.trace_text import trace_text

_WHY = 24
"""Columns of the reasons of modes."""


@click.command(name="estimate")
@click.option("--category", default="", metavar="NAME", help="Kind of work: docs, tests, implementation, …")
@click.option("--complexity", default="", metavar="LEVEL", help="low, medium or high (default: medium).")
@click.option(
    "--deliverable", "deliverables", multiple=True, metavar="PATH",
    callback=lambda context, option, values: [named(context, option, value) for value in values],
    help="File that the answer is to hold, with or without words ('add docs/usage.md'); repeatable.",
)  # fmt: skip
@click.option("--task", "description", default="", metavar="TEXT", help="The task in words; tells special documents.")
@click.option("--scope", multiple=True, metavar="PATH", help="Path that the task may read or change; repeatable.")
@click.option("--provider", default="", metavar="NAME", help="openai, anthropic or gemini (default: the model's).")
@model_option
@click.option("--mode", default="", metavar="NAME", help="full_file, large_refactor or diff (default: rules decide).")
@click.option("--hard-cap", type=click.IntRange(min=1), metavar="N", help="Your own limit; nothing goes above it.")
@click.option(
    "--context-used", type=click.IntRange(min=0), default=0, metavar="N", help="Tokens of the window the prompt takes."
)
@click.option("--no-stream", is_flag=True, help="The answer is not streamed; some SDKs then refuse long ones.")
@click.option("--workspace", type=click.Path(), default=".", metavar="DIR", help="Folder that paths are relative to.")
@click.option("--explain-mode", is_flag=True, help="Show which rule set the mode, and what every rule does.")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    category: str, complexity: str, deliverables: list[str], description: str, scope: tuple[str, ...], provider: str,
    model: str | None, mode: str, hard_cap: int | None, context_used: int, no_stream: bool, workspace: str,
    explain_mode: bool, db: str | None, as_json: bool,
) -> None:  # fmt: skip
    """How many output tokens to allow a call, and every step that led there.

    \b
    packsight estimate --category docs --complexity low --deliverable docs/usage.md
    packsight estimate --deliverable src/shop.py --provider gemini --hard-cap 6000
    """
    task = Task(
        category=category,
        complexity=complexity,
        deliverables=deliverables,
        description=description,
        scope=scope,
        workspace=Path(workspace),
        mode=mode,
    )
    with session(None, {"model": model, "db": db}, quiet=True, no_cache=True) as opened:
        report = opened.inspector.estimate(
            task,
            opened.config,
            provider=provider,
            hard_cap_tokens=hard_cap,
            used_tokens=context_used,
            streaming=not no_stream,
        )
    if as_json:
        write_result(json.dumps(report, indent=2))
    else:
        write_result(_mode_text(report) if explain_mode else _text(report))


def _text(report: dict[str, Any]) -> str:
    quantiles = report["quantiles"]
    rests = f"{report['samples']:,} recorded calls" if report["samples"] else "the shipped tables"
    facts = [
        ("wanted", f"{report['selected_budget']:>8,}", "selected_budget: what the answer should have"),
        ("sent", f"{report['actual_max_tokens']:>8,}", "actual_max_tokens: the ceiling for the provider"),
        ("half within", f"{quantiles['p50']:>8,}", "p50 of the answer's length"),
        ("9 of 10", f"{quantiles['p90']:>8,}", "p90"),
        ("19 of 20", f"{quantiles['p95']:>8,}", "p95"),
    ]
    mode = report["mode"]
    shown = f"mode {mode['name']} ({mode['set_by']})" if mode["name"] else "no mode"
    return "\n".join((
        f"{visible(report['category'])}/{report['complexity']} with {visible(report['model'])} of "
        f"{visible(report['provider'])}, {shown}",
        f"rests on {rests} ({visible(report['estimator_version'])}), confidence {report['confidence']:.2f}",
        "",
        table(("output tokens", "        ", ""), facts),
        "",
        trace_text(report["trace"]),
    ))  # fmt: skip


def _mode_text(report: dict[str, Any]) -> str:
    mode = report["mode"]
    head = (
        f"mode {mode['name']}, set by {mode['set_by']}: {mode['why']}"
        if mode["name"]
        else "no mode: no rule sets one, and the caller named none"
    )
    rows = [
        (
            rule["rule"],
            "yes" if rule["holds"] else "no",
            rule["sets"] or "–",
            f"{rule['raises_to']:,}".rjust(9) if rule["raises_to"] else "–".rjust(9),
            line,
        )
        if not number
        else ("", "", "", "", line)
        for rule in mode["rules"]
        for number, line in enumerate(textwrap.wrap(visible(rule["why"]), _WHY))
    ]
    effects = [step for step in report["trace"] if step["rule"] in {rule["rule"] for rule in mode["rules"]}]
    effects += [step for step in report["trace"] if step["rule"] == "conditional_floor"]
    return "\n\n".join((
        head,
        table(("rule", "holds", "sets mode", "raises to", "why"), rows),
        "what that did to the ceiling\n\n" + trace_text(effects),
    ))  # fmt: skip
