"""``packsight show``: one file or chunk at a level."""

from __future__ import annotations

import json
import sys

import click

from engine.cli.disclosed import disclosure_of, disclosure_options
from engine.cli.options import common, model_option, named
from engine.cli.session import session
from engine.cli.terminal import write_result
from engine.tuning import level_named


@click.command(name="show")
@click.argument("place", metavar="PATH[:A-B]", callback=named)
@click.option("--level", "-l", default="0", metavar="N", help="0 full … 4 outline, 5 one line.")
@click.option("--rev", metavar="REV", help="Read a revision instead of the work tree.")
@disclosure_options
@model_option
@common
def command(
    place: str,
    level: str,
    rev: str | None,
    reveal_secrets: bool,
    hidden_text: str,
    model: str | None,
    as_json: bool,
    quiet: bool,
    no_cache: bool,
) -> None:
    """Show a file, or lines A to B of it, at a level; this is how a capsule is expanded."""
    with session(None, {"model": model}, quiet=quiet, no_cache=no_cache) as opened:
        how = disclosure_of(reveal_secrets, hidden_text, opened.config)
        shown = opened.inspector.show(place, level_named(level), opened.config["model"], rev, how)
        if not no_cache and rev is None:
            opened.inspector.note_expanded(place, opened.config)
    if shown["secrets"] and not reveal_secrets and not quiet:
        number = len(shown["secrets"])
        sys.stderr.write(f"{number:,} secret{'s are' if number > 1 else ' is'} masked\n")
    write_result(json.dumps(shown, indent=2) if as_json else shown["text"])
