"""``packsight profile outcome``: remembered packs, and what became of what they showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.options import db_option
from engine.cli.profile_session import split_path, tell
from engine.cli.session import session
from engine.cli.tables import middle, table
from engine.cli.terminal import visible
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.inspector import Mark, ShownPack

_SHORT = 12
"""Characters of an id that are shown in a table."""
_PLACE = 60


@click.command()
@click.argument("words", nargs=-1, metavar="[PACK] [PATH]")
@click.option("--cited", multiple=True, metavar="PLACE", help="PATH or PATH:A-B that an answer cited.")
@click.option("--edited", multiple=True, metavar="PLACE", help="… that was edited afterwards.")
@click.option("--useful", multiple=True, metavar="PLACE", help="… that was of use.")
@click.option("--useless", multiple=True, metavar="PLACE", help="… that was in the way.")
@click.option("--expanded", multiple=True, metavar="PLACE", help="… that had to be read in full.")
@click.option("--sent-tokens", type=click.IntRange(min=0), metavar="N", help="Tokens of the prompt, by its provider.")
@click.option("--output-tokens", type=click.IntRange(min=0), metavar="N", help="Tokens of the answer.")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def outcome(
    words: tuple[str, ...],
    cited: tuple[str, ...],
    edited: tuple[str, ...],
    useful: tuple[str, ...],
    useless: tuple[str, ...],
    expanded: tuple[str, ...],
    sent_tokens: int | None,
    output_tokens: int | None,
    db: str | None,
    as_json: bool,
) -> None:
    """Recorded packs of a repository with what became of them; with PACK (the report's pack_id) one of them, to mark.

    Options repeat. What 'packsight show' expands within a day of a pack, and what the commit after its revision edits,
    is noted by itself. Nothing is recorded with record = false, PACKSIGHT_RECORD=0, --no-record or --no-cache.
    """
    names, path = split_path(words, 1)
    given = {"cited": cited, "edited": edited, "useful": useful, "useless": useless, "expanded": expanded}
    places = [(what, place) for what, listed in given.items() for place in listed]
    is_marked = bool(places) or sent_tokens is not None or output_tokens is not None
    if is_marked and not names:
        raise UsageError("no pack is named", "packsight profile outcome lists them; write the beginning of an id")
    with session(path, {"db": db}, quiet=True, no_cache=True) as opened:
        kept = opened.inspector.outcomes(Path(path), opened.config)
        if not names:
            told = kept.list()
            data = [opened.inspector.outcome_json(*one) for one in told]
            tell(as_json, data, table(_HEAD, [_row(*one) for one in told]) if told else "no pack recorded")
            return
        pack, marks = kept.mark(names[0], places, sent_tokens, output_tokens) if is_marked else kept.find(names[0])
        tell(as_json, opened.inspector.outcome_json(pack, marks), "\n".join(_one(pack, marks)))


_HEAD = ("pack", "made", "model", "tokens", "full", "marks")


def _row(pack: ShownPack, marks: Sequence[Mark]) -> tuple[str, ...]:
    full = sum(place.level == 0 for place in pack.places)
    made = pack.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return pack.pack_id[:_SHORT], made, visible(pack.model), f"{pack.actual_tokens:,}", f"{full:,}", _tallied(marks)


def _tallied(marks: Sequence[Mark]) -> str:
    return ", ".join(f"{number} {what}" for what, number in Counter(mark.what for mark in marks).items())


def _one(pack: ShownPack, marks: Sequence[Mark]) -> list[str]:
    levels = Counter(place.level for place in pack.places)
    lines = [
        f"pack {pack.pack_id}, {pack.at.astimezone():%Y-%m-%d %H:%M}, {visible(pack.model)}",
        f"{pack.actual_tokens:,} of {pack.budget_tokens:,} tokens"
        + (f", {pack.sent_tokens:,} sent" if pack.sent_tokens is not None else "")
        + (f", {pack.output_tokens:,} answered" if pack.output_tokens is not None else ""),
        "places by level: " + ", ".join(f"{level}: {levels[level]:,}" for level in sorted(levels)),
    ]
    rows = [(mark.what, middle(visible(_place(mark)), _PLACE), mark.name.value, str(mark.level)) for mark in marks]
    return [*lines, table(("what", "place", "class", "level"), rows) if rows else "nothing known of it yet"]


def _place(mark: Mark) -> str:
    return f"{mark.path}:{mark.start_line}-{mark.end_line}" if mark.start_line else mark.path
