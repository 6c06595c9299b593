"""``packsight profile suggest|export``: profiles from a scan, and out to files."""

from __future__ import annotations

import click

from engine.cli.options import named, path_argument
from engine.cli.profile_session import about, opened, split_path, tell, version_named, with_options, words_argument
from engine.cli.summary import COLUMNS
from engine.cli.tables import middle
from engine.cli.terminal import visible, write_result
from engine.cli.writing import write_file
from engine.errors import UsageError


@click.command()
@path_argument
@with_options
def suggest(path: str, model: str | None, db: str | None, as_json: bool) -> None:
    """A profile made from a scan, with a reason for each choice; 'profile save NAME --suggested' keeps it."""
    with opened(path, model, db, quiet=False) as (_, profiles):
        found = profiles.suggest()
    reasons = [{"rule": one.rule, "choice": one.choice, "why": one.why} for one in found.reasons]
    text = [middle(f"{visible(profiles.repository)} with {visible(profiles.model.id)}", COLUMNS)]
    for one in found.reasons:
        text += [one.choice, f"  {one.why}"]
    if not reasons:
        text.append("nothing speaks for a change: the default profile fits")
    else:
        text.append("keep it: packsight profile save NAME --suggested")
    tell(as_json, {**about(profiles), "profile": profiles.plain(found.profile), "reasons": reasons}, "\n".join(text))


@click.command()
@words_argument("[NAME] [PATH]")
@click.option("--output", "-o", metavar="FILE", callback=named, help="Write to a file instead of stdout.")
@click.option("--to-repository", is_flag=True, help="Set its keys in the .packsight.toml of PATH, keeping the rest.")
@with_options
def export(
    words: tuple[str, ...], output: str | None, to_repository: bool, model: str | None, db: str | None, as_json: bool
) -> None:
    """A profile as TOML, for 'profile import' elsewhere or for everybody who works on the repository."""
    names, path = split_path(words, 1)
    if output and to_repository:
        raise UsageError("--output and --to-repository exclude each other")
    with opened(path, model, db) as (_, profiles):
        one = version_named(profiles, names[0]) if names else profiles.active()
        if one is None:
            raise UsageError("no profile is in use", "name one: packsight profile export NAME")
        written = str(profiles.export_to_repository(one.profile)) if to_repository else output
        text = profiles.export(one.profile)
    if output:
        write_file(output, text)
    if as_json:
        tell(True, {**about(profiles), "profile": one.as_dict(), "file": written, "text": text}, "")
    elif written:
        write_result(f"{visible(one.profile.name)}, version {one.version}: {visible(written)}")
    else:
        write_result(text)
