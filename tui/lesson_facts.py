"""What the learning dialog asks of the engine, beside the engine's thread, and the plain data it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.config import Config, Setting
from engine.errors import Cancelled, PacksightError
from engine.request import PackRequest, Tuning
from tui.search_facts import Trouble, worded

if TYPE_CHECKING:
    from engine.inspector import Lesson


@dataclass(frozen=True, slots=True)
class Proposal:
    """``packsight profile learn --json``, and what it was made of."""

    data: Mapping[str, Any]
    lesson: Lesson
    """What the engine is handed back to keep it."""

    @property
    def refused(self) -> str:
        """Why the engine says that it is not worth keeping; ``""`` for a gain."""
        return str(self.data["refused"])


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile in force after a proposal was accepted, or taken back."""

    profile: str
    """Name, or ``""`` where none is in use now."""
    version: int
    request: PackRequest
    """What the settings come to with it."""


def for_model(config: Config, model: str) -> Config:
    """The settings with the model that the app packs for."""
    if config["model"] == model:
        return config
    return replace(config, settings={**config.settings, "model": Setting(model, "flag")})


def learn(engine: Any, config: Config, request: PackRequest) -> Proposal | Trouble:
    """Have an update proposed and measured; saves nothing.

    Raises:
        Cancelled: on request.
    """
    try:
        lesson: Lesson = engine.learn(request.scan.path, for_model(config, request.scan.model))
        return Proposal(lesson.as_dict(), lesson)
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(worded(error))


def keep(engine: Any, config: Config, request: PackRequest, proposal: Proposal) -> Kept | Trouble:
    """Save what is proposed as a new version, and use it."""
    config = for_model(config, request.scan.model)
    try:
        kept = engine.keep_lesson(proposal.lesson, request.scan.path, config)
        return Kept(kept.profile.name, kept.version, _in_force(engine, config, request))
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(worded(error))


def take_back(engine: Any, config: Config, request: PackRequest, proposal: Proposal) -> Kept | Trouble:
    """Make the version from before the newest again, and use none where none was in use."""
    config = for_model(config, request.scan.model)
    lesson = proposal.lesson
    try:
        book = engine.profiles(request.scan.path, request.scan.model, config)
        version = 0
        if lesson.version is not None:
            version = book.restore(lesson.profile, lesson.version).version
        if not lesson.in_force:
            book.use(None)
        name = lesson.profile if lesson.in_force else ""
        return Kept(name, version, _in_force(engine, config, request))
    except Cancelled:
        raise
    except PacksightError as error:
        return Trouble(worded(error))


def _in_force(engine: Any, config: Config, request: PackRequest) -> PackRequest:
    """What settings and profile say now, for what is asked in the app."""
    settled: PackRequest = engine.request(request.scan, config, Tuning(), request.query)
    return replace(settled, diff=request.diff, stable=request.stable)


def followed(request: PackRequest, saved: PackRequest | None, kept: Kept) -> PackRequest:
    """The request after a profile changed: what is not saved yet stays, only the weights are the profile's."""
    if saved is None or request == saved:
        return kept.request
    tuning = replace(request.tuning, weights=kept.request.tuning.weights)
    return replace(request, tuning=tuning, profile=kept.request.profile)
