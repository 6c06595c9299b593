"""Tools for what is saved about a repository and a model: its budget and its profiles."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import InputError, UsageError
from engine.mcp.call import Call, Outcome, Tool
from engine.mcp.results import Budget, Profile
from engine.mcp.words import GetBudget, GetProfile, OfPath, SaveProfile, SetBudget, SuggestProfile

if TYPE_CHECKING:
    from engine.inspector import Profile as EngineProfile
    from engine.inspector import ProfileVersion, RepositoryProfiles

_NONE = ("none", "default")


def get_budget(call: Call, words: GetBudget) -> Outcome:
    """The saved budget, and the one in force."""
    return _budget(call, words, None)


def set_budget(call: Call, words: SetBudget) -> Outcome:
    """Save a budget, or forget it."""
    if words.budget == "":
        raise UsageError("there is no budget", "write 32000, 32k, 1M, 40% of the window, or clear")
    return _budget(call, words, words.budget)


def _budget(call: Call, words: OfPath, wanted: str | int | None) -> Outcome:
    path = call.path(words.path)
    # The budget that is saved is no setting of this call.
    config = call.config(path, model=words.model)
    budget = call.inspector.budget(path, config["model"], config)
    if wanted == "clear":
        budget.clear()
    elif wanted is not None:
        budget.save(wanted)
    in_force = config
    with suppress(InputError, UsageError):
        in_force = call.inspector.settings_of(path, config)
    return call.outcome(replace(budget, config=in_force).show())


def get_profile(call: Call, words: GetProfile) -> Outcome:
    """A profile in words, and with it every value in force when it is the one in use."""
    path, profiles = _profiles(call, words)
    one = _version(profiles, words.name) if words.name else profiles.active()
    data: dict[str, Any] = {
        **_about(profiles),
        "profile": None if one is None else one.as_dict(),
        "says": [] if one is None else list(profiles.differences(None, one.profile)),
        "profiles": [
            {"name": each.profile.name, "version": each.version, "active": each.active} for each in profiles.list()
        ],
    }
    if not words.name:
        layers = call.inspector.layers(path, call.config(path, model=words.model))
        data["layers"] = [value.as_dict() for value in layers]
    return call.outcome(data)


def suggest_profile(call: Call, words: SuggestProfile) -> Outcome:
    """A profile made from a scan; saves nothing."""
    _, profiles = _profiles(call, words)
    found = profiles.suggest()
    reasons = [{"rule": one.rule, "choice": one.choice, "why": one.why} for one in found.reasons]
    return call.outcome({**_about(profiles), "profile": profiles.plain(found.profile), "reasons": reasons})


def save_profile(call: Call, words: SaveProfile) -> Outcome:
    """Save a profile as a new version of its name."""
    if not words.name:
        raise UsageError("the profile has no name", "for instance name='personal'")
    _, profiles = _profiles(call, words)
    before = next((one.profile for one in profiles.list() if one.profile.name == words.name), None)
    base = _base(profiles, words, before)
    changed = profiles.changed(base, [f"{key}={_written(value)}" for key, value in words.set.items()])
    saved = profiles.save(words.name, changed)
    if words.use:
        saved = profiles.use(words.name) or saved
    changes = list(profiles.differences(before, saved.profile))
    return call.outcome({**_about(profiles), "profile": saved.as_dict(), "changes": changes})


def _base(profiles: RepositoryProfiles, words: SaveProfile, before: EngineProfile | None) -> EngineProfile:
    if words.base == "suggested":
        return profiles.suggest(words.name).profile
    if words.base.lower() in _NONE:
        return profiles.empty(words.name)
    if words.base:
        return _version(profiles, words.base).profile
    active = profiles.active()
    return before or (active.profile if active else profiles.empty(words.name))


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"


def _profiles(call: Call, words: OfPath) -> tuple[Any, RepositoryProfiles]:
    path = call.path(words.path)
    config = call.config(path, model=words.model)
    return path, call.inspector.profiles(path, config["model"], config)


def _version(profiles: RepositoryProfiles, word: str) -> ProfileVersion:
    name, at, number = word.rpartition("@")
    if at and number.isascii() and number.isdigit() and len(number) < 10:
        return profiles.show(name, int(number))
    return profiles.show(word)


def _about(profiles: RepositoryProfiles) -> dict[str, Any]:
    return {"repository": profiles.repository, "model": profiles.model.id}


SAVED = (
    Tool(
        "get_budget",
        "Get the budget",
        "The budget saved for a repository and model, and the one in force with where it comes from.",
        GetBudget,
        Budget,
        get_budget,
    ),
    Tool(
        "set_budget",
        "Set the budget",
        "Save the budget of a repository and model, for every later pack that names none; 'clear' forgets it.",
        SetBudget,
        Budget,
        set_budget,
        writes=True,
    ),
    Tool(
        "get_profile",
        "Get a profile",
        "A saved profile in words, the names of all, and every value in force with the layer it comes from.",
        GetProfile,
        Profile,
        get_profile,
    ),
    Tool(
        "suggest_profile",
        "Suggest a profile",
        "A profile made from a scan, with a reason for each choice. Saves nothing;"
        " save_profile with base 'suggested' does.",
        SuggestProfile,
        Profile,
        suggest_profile,
    ),
    Tool(
        "save_profile",
        "Save a profile",
        "Save a profile as a new version of its name: a base with keys changed. use makes it the one that packs go by.",
        SaveProfile,
        Profile,
        save_profile,
        writes=True,
    ),
)
