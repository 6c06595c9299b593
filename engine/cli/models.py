"""``packsight models``: the catalog."""

from __future__ import annotations

import datetime
import json

import click

from engine.cli.options import common
from engine.cli.session import session
from engine.cli.tables import table
from engine.cli.terminal import write_result
from engine.inspector import Inspector
from engine.model import Model

_STALE_DAYS = 90


@click.command(name="models")
@click.argument("model_id", metavar="[ID]", default="")
@click.option("--verbose", "-v", is_flag=True, help="Prices, source and what the tokenizer rests on.")
@common
def command(model_id: str, verbose: bool, as_json: bool, quiet: bool, no_cache: bool) -> None:
    """The catalog of models, with method of counting and age of the data."""
    with session(None, {}, quiet=quiet, no_cache=no_cache) as opened:
        models = [opened.inspector.model(model_id)] if model_id else list(opened.inspector.models())
    if as_json:
        write_result(json.dumps([Inspector.model_json(model) for model in models], indent=2))
    elif model_id or verbose:
        write_result("\n\n".join(_details(model) for model in models))
    else:
        write_result(_overview(models))


def _overview(models: list[Model]) -> str:
    """One table with the vendors as headings, narrow enough for 80 columns."""
    rows: list[tuple[object, ...]] = []
    for provider in dict.fromkeys(model.provider for model in models):
        rows.append((provider, "", "", "", ""))
        rows += [
            (
                f"  {m.id}",
                f"{m.context_window:>10,}",
                _price(m.price_in),
                _price(m.price_out),
                f"{m.method} {m.encoding}",
            )
            for m in models
            if m.provider == provider
        ]
    dates = sorted({str(model.as_of) for model in models})
    note = f"{len(models)} models, data as of {' to '.join(dict.fromkeys((dates[0], dates[-1])))}{_aged(dates[0])}"
    return table(("model", "    window", " $/M in", "$/M out", "tokens are"), rows) + f"\n\n{note}"


def _aged(as_of: str) -> str:
    days = (datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(as_of)).days
    return f"; {days} days old, prices and limits may have changed" if days > _STALE_DAYS else ""


def _price(price: object) -> str:
    return "–" if price is None else f"{price:>7}"


def _details(model: Model) -> str:
    rows = [
        (key.replace("_", " "), _plain(value))
        for key, value in Inspector.model_json(model).items()
        if value not in ([], "")
    ]
    width = max(len(key) for key, _ in rows)
    return "\n".join(f"{key.ljust(width)}  {value}" for key, value in rows)


def _plain(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
