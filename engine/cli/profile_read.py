"""``packsight profile list|show|history|diff``: looking at profiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.options import path_argument
from engine.cli.profile_session import (
    about,
    bullet,
    opened,
    profile_named,
    split_path,
    tell,
    version_named,
    with_options,
    words_argument,
)
from engine.cli.session import Session, scan_request
from engine.cli.summary import COLUMNS
from engine.cli.tables import middle, table
from engine.cli.terminal import visible
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.inspector import LayeredValue, ProfileVersion, RepositoryProfiles

_SAYS = 34
"""Columns for what a profile says, in a table."""
_ORIGIN = 44
"""Columns for where a value comes from."""
_REVISION = 12
"""Digits of a commit that are shown."""


@click.command(name="list")
@path_argument
@with_options
def list_(path: str, model: str | None, db: str | None, as_json: bool) -> None:
    """The saved profiles of a repository and model."""
    with opened(path, model, db) as (_, profiles):
        found = profiles.list()
        says = ["; ".join(profiles.differences(None, one.profile)) or "nothing" for one in found]
    rows = [
        (visible(one.profile.name), one.version, "in use" if one.active else "", _day(one), _cut(text))
        for one, text in zip(found, says, strict=True)
    ]
    data = {**about(profiles), "profiles": [one.as_dict() for one in found]}
    text = table(("profile", "version", "", "saved", "says"), rows) if rows else "no profile saved"
    tell(as_json, data, f"{_head(profiles)}\n{text}")


@click.command()
@words_argument("[NAME] [PATH]")
@with_options
def show(words: tuple[str, ...], model: str | None, db: str | None, as_json: bool) -> None:
    """A profile in words; the one in use by default, with every value in force and the layer that it comes from.

    Layers: default, team (.packsight.toml of the repository), personal (profile in use, saved budget, your own
    configuration), run (variables). Of two layers the later one counts; your own configuration gives way to the team.
    """
    names, path = split_path(words, 1)
    with opened(path, model, db) as (session, profiles):
        one = version_named(profiles, names[0]) if names else profiles.active()
        lines = () if one is None else profiles.differences(None, one.profile)
        layers = () if names else session.inspector.layers(Path(path), session.config)
    data: dict[str, object] = {
        **about(profiles),
        "profile": None if one is None else one.as_dict(),
        "says": list(lines),
    }
    if not names:
        data["layers"] = [value.as_dict() for value in layers]
    if one is None:
        tell(as_json, data, f"{_head(profiles)}\nno profile in use\n\n{_layers(layers)}")
        return
    revision = one.profile.tuned_at_revision[:_REVISION]
    text = [
        _head(profiles),
        f"{visible(one.profile.name)}, version {one.version}{', in use' if one.active else ''}",
        f"saved {_day(one)}{f' at {revision}' if revision else ''}",
        bullet(lines, "says nothing: packs are as without it"),
    ]
    if not names:
        text += ["", _layers(layers)]
    tell(as_json, data, "\n".join(text))


@click.command()
@words_argument("[NAME] [PATH]")
@with_options
def history(words: tuple[str, ...], model: str | None, db: str | None, as_json: bool) -> None:
    """Every version of a profile with what it changed, the newest first; the one in use by default."""
    names, path = split_path(words, 1)
    with opened(path, model, db) as (_, profiles):
        versions = profiles.history(names[0] if names else _in_use(profiles).profile.name)
        before = [*(one.profile for one in versions[1:]), None]
        changes = [profiles.differences(old, one.profile) for one, old in zip(versions, before, strict=True)]
    data = {
        **about(profiles),
        "versions": [{**one.as_dict(), "changes": list(lines)} for one, lines in zip(versions, changes, strict=True)],
    }
    text = [_head(profiles)]
    for one, lines in zip(versions, changes, strict=True):
        text += [f"{visible(one.profile.name)}, version {one.version}, {_day(one)}", bullet(lines, "changed nothing")]
    tell(as_json, data, "\n".join(text))


@click.command()
@words_argument("[A] [B] [PATH]")
@click.option("--drift", is_flag=True, help="What packs of A hold now against the commit it was tuned at.")
@with_options
def diff(words: tuple[str, ...], drift: bool, model: str | None, db: str | None, as_json: bool) -> None:
    """What changes from profile A to B, in words; without B from none to A, which is the one in use by default."""
    names, path = split_path(words, 2)
    with opened(path, model, db, quiet=not drift) as (one, profiles):
        if drift:
            _drift(one, path, names[0] if names else _in_use(profiles).profile.name, model, db, as_json)
            return
        named = [profile_named(profiles, name) for name in names] or [_in_use(profiles).profile]
        before, after = named if len(named) == 2 else (None, named[0])
        lines = profiles.differences(before, after)
    tell(as_json, {**about(profiles), "changes": list(lines)}, "\n".join(map(visible, lines)) or "no difference")


def _drift(one: Session, path: str, name: str, model: str | None, db: str | None, as_json: bool) -> None:
    from engine.cli.diff import comparison_text

    if "@" in name:
        raise UsageError("--drift takes the newest version of a profile", f"write {name.partition('@')[0]}")
    flags: dict[str, object] = {"model": model, "db": db, "profile": name}
    scan = scan_request(one, path, None)
    sides = [one.inspector.variant(scan, flags, f"rev={rev}") for rev in ("tuned", "worktree")]
    found = one.inspector.diff(*sides)
    tell(as_json, found.as_dict(), comparison_text(found))


def _in_use(profiles: RepositoryProfiles) -> ProfileVersion:
    found = profiles.active()
    if found is None:
        raise UsageError("no profile is in use", "name one, or packsight profile use NAME")
    return found


def _layers(values: Sequence[LayeredValue]) -> str:
    """What is in force, the layers other than the default first within each kind of key."""
    rows = [
        (
            middle(visible(one.key), _SAYS),
            visible(f"{one.value}") or "the model's own",
            one.layer,
            middle(visible(one.origin), _ORIGIN),
        )
        for one in values
    ]
    return table(("in force", "value", "layer", "from"), rows)


def _head(profiles: RepositoryProfiles) -> str:
    return middle(f"{visible(profiles.repository)} with {visible(profiles.model.id)}", COLUMNS)


def _day(one: ProfileVersion) -> str:
    return one.saved_at.astimezone().strftime("%Y-%m-%d %H:%M")


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _SAYS else shown[: _SAYS - 1] + "…"
