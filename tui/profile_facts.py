"""What the profile screen asks of the engine, in the engine's thread, and the plain data it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.request import PackRequest, Tuning

if TYPE_CHECKING:
    from engine.inspector import Profile, ProfileVersion, RepositoryProfiles

FIRST = "personal"
"""Name of the profile that the first save makes."""


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """Everything the screen shows."""

    profiles: tuple[ProfileVersion, ...]
    """The newest version of each, by name."""
    active: str
    """Name of the one in use, or ``""``."""
    since_saved: tuple[str, ...]
    """What differs from the request as it was opened or saved last, in words."""
    since_default: tuple[str, ...]
    """What differs from having no profile, in words."""
    history: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    """(version, day, what it changed) of the profile in use, the newest first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested profile, made a request."""

    request: PackRequest
    reasons: tuple[tuple[str, str], ...]
    """(choice, why)."""


def as_profile(engine: Any, request: PackRequest, name: str) -> Profile:
    """The request as a profile."""
    made: Profile = engine.profile(name, request)
    return made


def look(engine: Any, config: Config | None, request: PackRequest, saved: PackRequest | None) -> ProfileFacts:
    """Read the profiles and word the differences."""
    book = _book(engine, config, request)
    profiles = book.list()
    active = next((one.profile.name for one in profiles if one.active), "")
    now = as_profile(engine, request, active or FIRST)
    before = as_profile(engine, saved, active or FIRST) if saved is not None else None
    return ProfileFacts(
        profiles,
        active,
        book.differences(before, now) if before is not None else (),
        book.differences(None, now),
        _history(book, active) if active else (),
    )


def save(engine: Any, config: Config | None, request: PackRequest, name: str) -> PackRequest:
    """Save the request as a new version of a profile, use it, and return the request under that profile.

    Raises:
        PacksightError: the name is none, or the database cannot be written.
    """
    book = _book(engine, config, request)
    book.save(name, as_profile(engine, request, name))
    book.use(name)
    return replace(request, profile=name)


def use(engine: Any, config: Config | None, request: PackRequest, name: str | None) -> PackRequest:
    """Use a saved profile, or none, and return what the settings come to with it.

    Raises:
        PacksightError: there is no such profile.
    """
    _book(engine, config, request).use(name)
    settled: PackRequest = engine.request(request.scan, config, Tuning(), request.query)
    return settled


def suggest(engine: Any, config: Config | None, request: PackRequest) -> Proposal:
    """Make a suggestion from a scan.

    Raises:
        PacksightError: the repository cannot be scanned.
    """
    suggestion = _book(engine, config, request).suggest()
    profile = suggestion.profile
    asked = replace(
        request,
        budget=request.budget if profile.budget is None else profile.budget,
        reserve_tokens=request.reserve_tokens if profile.reserve_tokens is None else profile.reserve_tokens,
        format=profile.format or request.format,
        tuning=profile.tuning,
    )
    return Proposal(asked, tuple((reason.choice, reason.why) for reason in suggestion.reasons))


def export(engine: Any, config: Config | None, request: PackRequest, name: str) -> Path:
    """Write the request into the ``.packsight.toml`` of the repository; returns the file.

    Raises:
        PacksightError: the file cannot be written.
    """
    path: Path = _book(engine, config, request).export_to_repository(as_profile(engine, request, name))
    return path


def _book(engine: Any, config: Config | None, request: PackRequest) -> RepositoryProfiles:
    book: RepositoryProfiles = engine.profiles(request.scan.path, request.scan.model, config)
    return book


def _history(book: RepositoryProfiles, name: str) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    versions: Sequence[ProfileVersion] = book.history(name)
    older: list[ProfileVersion | None] = [*versions[1:], None]
    return tuple(
        (
            now.version,
            now.saved_at.date().isoformat(),
            book.differences(None if before is None else before.profile, now.profile),
        )
        for now, before in zip(versions, older, strict=True)
    )
