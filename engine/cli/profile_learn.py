"""``packsight profile learn``: weights from what past commits edited, with the gain on later ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.options import path_argument, profile_option
from engine.cli.profile_session import tell, with_options
from engine.cli.session import session
from engine.cli.summary import COLUMNS
from engine.cli.tables import middle, table
from engine.cli.terminal import visible
from engine.cli.tuned import budget_option

if TYPE_CHECKING:
    from engine.inspector import Lesson, ProfileVersion

_COMMITS = 40
_MOST_COMMITS = 1_000
_QUERIES = ("message", "none")
_LEVELS = ("full", "trimmed", "condensed", "capsule", "outline", "line", "omitted")
_SHORT = 12
"""Digits of a commit that are shown."""


@click.command()
@path_argument
@click.option(
    "--commits",
    type=click.IntRange(1, _MOST_COMMITS),
    default=_COMMITS,
    show_default=True,
    metavar="N",
    help="Past commits to learn from and to measure on.",
)
@click.option(
    "--query",
    type=click.Choice(_QUERIES),
    default="message",
    show_default=True,
    help="What packs of the past are made for: the message of the commit that followed, or nothing in particular.",
)
@click.option("--no-outcomes", is_flag=True, help="Go by commits alone, not by what became of recorded packs.")
@click.option("--apply", "apply_", is_flag=True, help="Save an update that is a gain as a new version of the profile.")
@budget_option
@profile_option
@with_options
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def learn(
    path: str,
    commits: int,
    query: str,
    no_outcomes: bool,
    apply_: bool,
    budget: str | None,
    profile: str | None,
    model: str | None,
    db: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Propose class weights for the profile in use, from what past commits edited and what became of packs.

    Earlier commits teach, later ones measure: the share of their edited lines that packs of their parents show. An
    update whose gain could be chance is refused. Nothing is saved without --apply, and 'profile use NAME@VERSION' goes
    back. The exit code is 1 when --apply was refused.
    """
    flags = {"model": model, "db": db, "budget": budget, "profile": profile}
    with session(path, flags, quiet=quiet, no_cache=False) as opened:
        ask, config = opened.inspector, opened.config
        lesson = ask.learn(Path(path), config, commits=commits, query=query, use_outcomes=not no_outcomes)
        kept = ask.keep_lesson(lesson, Path(path), config) if apply_ and not lesson.refused else None
    data = {**lesson.as_dict(), "applied": None if kept is None else kept.as_dict()}
    tell(as_json, data, "\n".join(_told(lesson, kept)))
    if apply_ and kept is None:
        click.get_current_context().exit(1)


def _told(lesson: Lesson, kept: ProfileVersion | None) -> list[str]:
    data = lesson.as_dict()
    commits = data["evidence"]["commits"]
    asked = "packs for the message of the commit" if lesson.query == "message" else "packs for nothing in particular"
    lines = [
        middle(f"{visible(lesson.repository)} with {visible(lesson.model)}", COLUMNS),
        f"profile {visible(lesson.profile)}{'' if lesson.version is None else f', version {lesson.version}'}; {asked}, "
        f"{lesson.budget_tokens:,} tokens",
        f"{commits['earlier'] + commits['later']:,} of {commits['looked_at']:,} commits tell something: "
        f"{commits['earlier']:,} earlier ones teach, {commits['later']:,} later ones measure",
    ]
    if data["evidence"]["packs"]:
        lines.append(f"{data['evidence']['packs']:,} recorded packs teach too")
    lines += ["", *_evidence(data["evidence"])]
    if lesson.moves:
        rows = [(one.name.value, f"{one.before:g}", f"{one.after:g}", f"{one.n:,}", one.why) for one in lesson.moves]
        lines += ["", table(("class", "weight", "after", "n", "why"), rows)]
    for name, gain in (("earlier", data["earlier"]), ("later", data["later"])):
        if gain is not None:
            lines.append(_gain(name, gain))
    lines.append("")
    if kept is not None:
        used = ", in use" if kept.active else ""
        back = f"{visible(lesson.profile)}@{lesson.version}" if lesson.version else "none"
        lines.append(f"applied: {visible(kept.profile.name)}, version {kept.version}{used}")
        lines.append(f"go back: packsight profile use {back}")
    elif lesson.refused:
        lines.append(f"refused: {lesson.refused}")
    else:
        lines.append("a gain; nothing is saved yet: packsight profile learn --apply")
    return lines


def _evidence(found: dict[str, Any]) -> list[str]:
    if not found["lines"]:
        return ["no edited line that could be told from others"]
    shares = [f"{_LEVELS[int(level)]} {share:.0%}" for level, share in found["levels"].items() if share >= 0.005]
    out = [f"{found['lines']:,} edited lines, {', '.join(f'{name} {n:,}' for name, n in found['classes'].items())}"]
    out.append(f"their chunks in packs now: {', '.join(shares)}")
    if found["signals"]:
        out.append(f"signals that spoke for them: {', '.join(f'{k} {v:.0%}' for k, v in found['signals'].items())}")
    out.append(f"commits {found['first'][:_SHORT]} to {found['last'][:_SHORT]}")
    return out


def _gain(name: str, gain: dict[str, Any]) -> str:
    return (
        f"{name} commits: {gain['before']:.1%} of the edited lines shown, {gain['after']:.1%} after; "
        f"{100 * gain['difference']:+.1f} points ({100 * gain['low']:+.1f} to {100 * gain['high']:+.1f} at "
        f"{gain['confidence']:.0%}), {gain['better']} better, {gain['worse']} worse"
    )
