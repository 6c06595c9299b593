"""``packsight cache``: what analyses are kept."""

from __future__ import annotations

import json

import click

from engine.cli.session import session
from engine.cli.terminal import write_result


@click.group(name="cache")
def command() -> None:
    """The blob cache: disposable, shared by all repositories, rebuilt when damaged."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Where the cache is and what it holds."""
    with session(None, {}, quiet=True, no_cache=False) as opened:
        state = opened.inspector.cache_status()
    if as_json:
        write_result(json.dumps(state, indent=2))
    else:
        write_result(
            f"{state['path']}\n{state['blobs']:,} blobs, {state['counts']:,} counts, "
            f"{state['repositories']:,} repository states, {state['size_bytes'] / 1e6:,.1f} MB"
        )


@command.command()
@click.option(
    "--days", type=click.IntRange(0, 36_500), default=30, show_default=True, metavar="N", help="Days without use."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(days: int, as_json: bool) -> None:
    """Forget what other versions of the program made, and what was not used for some days."""
    with session(None, {}, quiet=True, no_cache=False) as opened:
        gone = opened.inspector.prune_cache(days)
    if as_json:
        write_result(json.dumps(gone, indent=2))
    else:
        write_result(
            f"{gone['blobs']:,} blobs and {gone['repositories']:,} repository states forgotten, "
            f"{gone['freed_bytes'] / 1e6:,.1f} MB freed, {gone['size_bytes'] / 1e6:,.1f} MB left"
        )


@command.command()
def clear() -> None:
    """Forget all analyses; they are made again when needed."""
    with session(None, {}, quiet=True, no_cache=False) as opened:
        forgotten = opened.inspector.clear_cache()
    write_result(f"{forgotten:,} blobs forgotten")
