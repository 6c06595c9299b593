"""Profiles of a repository and a model, with every version they ever had; at most one is active."""

from __future__ import annotations

import datetime
import difflib
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select, update

from engine.errors import InputError, UsageError
from engine.store.database import Database
from engine.store.keys import storable
from engine.store.rows import insert, keep_repository, now
from engine.store.tables import profile_versions, profiles, repositories


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """One version of a profile."""

    repository: str
    """Identity of the repository."""
    model: str
    """Id of the model."""
    name: str
    version: int
    """From 1; a save that changes nothing makes none."""
    body: str
    """The profile as text (TOML or JSON); this room does not read it."""
    active: bool
    """Whether the profile, at its latest version, is the one that packs use."""
    saved_at: datetime.datetime
    """In UTC."""


def save_profile(database: Database, repository: str, model: str, name: str, body: str) -> SavedProfile:
    """Add ``body`` as the newest version of a profile; a body equal to the newest one is not saved again.

    Raises:
        UsageError: the name is empty or has control characters.
        InputError: the database cannot be written.
    """
    if not name.strip() or not name.isprintable():
        raise UsageError(f"'{name}' cannot name a profile", "write letters, digits, spaces or marks")
    with database.write() as connection:
        connection.execute(
            insert(connection, profiles)
            .values(
                repository_id=keep_repository(connection, repository), model=storable(model), name=name, active=False
            )
            .on_conflict_do_nothing(index_elements=["repository_id", "model", "name"])
        )
        of = _of(repository, model).where(profiles.c.name == name)
        profile_id = connection.execute(of).one().id
        latest = connection.execute(_versions(repository, model, name).limit(1)).one_or_none()
        if latest is None or latest.body != body:
            connection.execute(
                profile_versions.insert().values(
                    profile_id=profile_id, version=latest.version + 1 if latest else 1, body=body, saved_at=now()
                )
            )
        saved = _history(connection, repository, model, name, 1)
    return saved[0]


def list_profiles(database: Database, repository: str, model: str) -> tuple[SavedProfile, ...]:
    """The latest version of each profile, by name.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        names = connection.execute(_of(repository, model).order_by(profiles.c.name)).all()
        return tuple(found for row in names for found in _history(connection, repository, model, row.name, 1))


def get_profile(database: Database, repository: str, model: str, name: str, version: int | None = None) -> SavedProfile:
    """Return a version of a profile, by default the latest.

    Raises:
        InputError: no such profile or version, or the database cannot be read.
    """
    versions = profile_history(database, repository, model, name)
    for found in versions:
        if version in (None, found.version):
            return found
    raise InputError(f"profile '{name}' has no version {version}", f"its versions are 1 to {versions[0].version}")


def profile_history(database: Database, repository: str, model: str, name: str) -> tuple[SavedProfile, ...]:
    """All versions of a profile, the latest first.

    Raises:
        InputError: no such profile, or the database cannot be read.
    """
    with database.read() as connection:
        found = _history(connection, repository, model, name, None)
        if not found:
            raise _unknown(connection, repository, model, name)
    return found


def active_profile(database: Database, repository: str, model: str) -> SavedProfile | None:
    """The active profile at its latest version, or None.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        row = connection.execute(_of(repository, model).where(profiles.c.active)).one_or_none()
        return _history(connection, repository, model, row.name, 1)[0] if row else None


def use_profile(database: Database, repository: str, model: str, name: str | None) -> SavedProfile | None:
    """Make a profile the active one, or none of them when ``name`` is None.

    Raises:
        InputError: no such profile, or the database cannot be written.
    """
    with database.write() as connection:
        rows = {row.name: row.id for row in connection.execute(_of(repository, model))}
        if name is not None and name not in rows:
            raise _unknown(connection, repository, model, name)
        # In two steps, because the index that allows one active profile looks at every row as it changes.
        connection.execute(update(profiles).where(profiles.c.id.in_(rows.values())).values(active=False))
        if name is None:
            return None
        connection.execute(update(profiles).where(profiles.c.id == rows[name]).values(active=True))
        return _history(connection, repository, model, name, 1)[0]


def _of(repository: str, model: str) -> Select[int, str, bool]:
    return (
        select(profiles.c.id, profiles.c.name, profiles.c.active)
        .join(repositories)
        .where(repositories.c.identity == storable(repository), profiles.c.model == storable(model))
    )


def _versions(repository: str, model: str, name: str) -> Select[int, str, datetime.datetime, bool]:
    of = _of(repository, model).where(profiles.c.name == name).subquery()
    return (
        select(profile_versions.c.version, profile_versions.c.body, profile_versions.c.saved_at, of.c.active)
        .join(of, of.c.id == profile_versions.c.profile_id)
        .order_by(profile_versions.c.version.desc())
    )


def _history(
    connection: Connection, repository: str, model: str, name: str, limit: int | None
) -> tuple[SavedProfile, ...]:
    return tuple(
        SavedProfile(repository, model, name, row.version, row.body, row.active, row.saved_at)
        for row in connection.execute(_versions(repository, model, name).limit(limit))
    )


def _unknown(connection: Connection, repository: str, model: str, name: str) -> InputError:
    names = [row.name for row in connection.execute(_of(repository, model).order_by(func.lower(profiles.c.name)))]
    nearest = difflib.get_close_matches(name, names, 1)
    hint = (
        f"did you mean '{nearest[0]}'?" if nearest else (f"there are: {', '.join(names)}" if names else "none is saved")
    )
    return InputError(f"there is no profile '{name}' for this repository and {model}", hint)
