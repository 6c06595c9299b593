"""``packsight profile set|save|use|reset|import``: changing profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.options import named, path_argument
from engine.cli.profile_session import (
    NONE,
    about,
    bullet,
    numbered,
    opened,
    profile_named,
    split_path,
    tell,
    with_options,
    words_argument,
)
from engine.cli.terminal import visible
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.inspector import Profile, ProfileVersion, RepositoryProfiles

_FIRST = "personal"
"""Name of the profile that the first change makes."""


@click.command(name="set")
@words_argument("KEY=VALUE... [PATH]")
@click.option("--profile", "name", metavar="NAME", help="Profile to change; the one in use by default.")
@with_options
def set_(words: tuple[str, ...], name: str | None, model: str | None, db: str | None, as_json: bool) -> None:
    """Change settings of a profile and save it as a new version.

    Keys: budget, reserve, format, weights.CLASS, shares.CLASS, max_level.CLASS, pins.GLOB, excludes. An empty value
    takes a key out. Without a profile in use, 'personal' is made and used.
    """
    changes, path = _changes_and_path(words)
    if not changes:
        raise UsageError("nothing to set", "for instance packsight profile set weights.tests=0.5 budget=64k")
    with opened(path, model, db) as (_, profiles):
        active = profiles.active()
        target = name or (active.profile.name if active else _FIRST)
        before = profiles.show(target).profile if name else _existing(profiles, target)
        saved = _save(profiles, target, profiles.changed(before or profiles.empty(target), changes))
        if active is None and name is None:
            profiles.use(target)
            saved = profiles.show(target)
        _tell_saved(profiles, saved, before, as_json)


@click.command()
@words_argument("NAME [KEY=VALUE]... [PATH]")
@click.option("--from", "source", metavar="NAME", help="Profile to copy; the one in use by default, none for none.")
@click.option("--suggested", is_flag=True, help="Begin with a suggestion from a scan.")
@click.option("--use", "in_use", is_flag=True, help="Use it from now on.")
@with_options
def save(
    words: tuple[str, ...],
    source: str | None,
    suggested: bool,
    in_use: bool,
    model: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    """Save the profile in use, another one or a suggestion under NAME, with changes if there are any."""
    names, path = _changes_and_path(words)
    if not names or "=" in names[0]:
        raise UsageError("the profile has no name", "packsight profile save NAME [KEY=VALUE]...")
    target, changes = names[0], names[1:]
    with opened(path, model, db, quiet=not suggested) as (_, profiles):
        before = _existing(profiles, target)
        if suggested:
            base = profiles.suggest(target).profile
        elif source is not None:
            base = profile_named(profiles, source) or profiles.empty(target)
        else:
            active = profiles.active()
            base = before or (active.profile if active else profiles.empty(target))
        saved = _save(profiles, target, profiles.changed(base, changes), in_use)
        _tell_saved(profiles, saved, before, as_json)


@click.command()
@click.argument("name", callback=named)
@path_argument
@with_options
def use(name: str, path: str, model: str | None, db: str | None, as_json: bool) -> None:
    """Use a profile from now on; 'none' uses none, and NAME@2 takes the profile back to version 2 first."""
    _use(None if name.lower() in NONE else name, path, model, db, as_json)


@click.command()
@path_argument
@with_options
def reset(path: str, model: str | None, db: str | None, as_json: bool) -> None:
    """Use no profile; the saved ones stay."""
    _use(None, path, model, db, as_json)


@click.command(name="import")
@click.argument("file", type=click.Path(), callback=named)
@path_argument
@click.option("--name", metavar="NAME", default="", help="Name to save it under; by default the one in the file.")
@click.option("--use", "in_use", is_flag=True, help="Use it from now on.")
@with_options
def import_(file: str, path: str, name: str, in_use: bool, model: str | None, db: str | None, as_json: bool) -> None:
    """Save a profile from a file that 'profile export' wrote, or from a .packsight.toml."""
    with opened(path, model, db) as (_, profiles):
        profile = profiles.import_file(Path(file), name)
        before = _existing(profiles, profile.name)
        saved = _save(profiles, profile.name, profile, in_use)
        _tell_saved(profiles, saved, before, as_json)


def _use(name: str | None, path: str, model: str | None, db: str | None, as_json: bool) -> None:
    with opened(path, model, db) as (_, profiles):
        before = profiles.active()
        back = None if name is None else numbered(name)
        if back is not None:
            profiles.restore(*back)
            name = back[0]
        used = profiles.use(name)
        was, now = (None if one is None else one.profile for one in (before, used))
        lines = profiles.differences(was, now)
    data = {**about(profiles), "profile": None if used is None else used.as_dict(), "changes": list(lines)}
    head = "no profile in use" if used is None else f"{visible(used.profile.name)}, version {used.version}, in use"
    tell(as_json, data, f"{head}\n{bullet(lines, 'packs are as before')}")


def _changes_and_path(words: tuple[str, ...]) -> tuple[list[str], str]:
    """Whatever is no KEY=VALUE behind one is the path."""
    names, path = split_path(words)
    if path == "." and len(names) > 1 and "=" not in names[-1]:
        path = names.pop()
    return names, path


def _existing(profiles: RepositoryProfiles, name: str) -> Profile | None:
    return next((one.profile for one in profiles.list() if one.profile.name == name), None)


def _save(profiles: RepositoryProfiles, name: str, profile: Profile, in_use: bool = False) -> ProfileVersion:
    saved = profiles.save(name, profile)
    return (profiles.use(name) or saved) if in_use else saved


def _tell_saved(profiles: RepositoryProfiles, saved: ProfileVersion, before: Profile | None, as_json: bool) -> None:
    lines = profiles.differences(before, saved.profile)
    data = {**about(profiles), "profile": saved.as_dict(), "changes": list(lines)}
    name = visible(saved.profile.name)
    hint = "" if saved.active else f"\nnot in use; packsight profile use {name}"
    used = ", in use" if saved.active else ""
    tell(as_json, data, f"{name}, version {saved.version}{used}\n{bullet(lines, 'nothing changed')}{hint}")
