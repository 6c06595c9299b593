"""The few facts of git's configuration that listing depends on, from one call that runs nothing."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass

from engine.errors import InputError
from engine.walk.failures import printable
from engine.walk.repository import FIXED_OVERRIDES, Repository, need

LIMIT_S = 10.0
"""Seconds to wait: an ``include.path`` that names a FIFO would hold git for ever."""
_USER_SCOPES = frozenset({"system", "global"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says."""

    bare: bool
    object_format: str
    crlf_by_default: bool
    """True when files without attributes are checked out with CRLF."""
    crlf_for_text: bool
    """True when files with the ``text`` attribute are checked out with CRLF."""
    ignore_case: bool
    filters: frozenset[str]
    """Names of the filters that are configured anywhere."""
    user_ignore_file: str
    """``core.excludesFile`` of the user or system, expanded, or ``""``."""
    safe_directories: tuple[str, ...]
    """``safe.directory`` values of the user and system; the repository's own do not count."""
    remotes: dict[str, str]
    """URL by remote name."""


def read_settings(repository: Repository) -> Settings:
    """Read the repository's, user's and system's configuration.

    Raises:
        InputError: It cannot be read, or git is older than 2.31 and would not obey our overrides.
    """
    finished = repository.launch("config", "--list", "-z", "--show-scope", user_settings=True).finish(limit_s=LIMIT_S)
    name = printable(repository.git_dir)
    if finished.timed_out:
        raise InputError(f"git could not read the configuration of {name} within {LIMIT_S:.0f} seconds.")
    fields = need(finished, f"git cannot use {name}").decode("utf-8", "surrogateescape").split("\0")
    values: dict[str, tuple[str, str]] = {}
    safe: list[str] = []
    ours = 0
    for scope, entry in zip(fields[::2], fields[1::2], strict=False):
        key, given, value = entry.partition("\n")
        if scope == "command":
            ours += 1
        else:
            values[key] = (scope, value if given else "true")
            if key == "safe.directory" and scope in _USER_SCOPES:
                safe = [*safe, value] if value else []
    if ours < len(FIXED_OVERRIDES):
        raise InputError("git is too old to be used safely on a repository.", "Version 2.31 or later is needed.")

    def value_of(key: str) -> str:
        return values.get(key, ("", ""))[1]

    scope, ignore_file = values.get("core.excludesfile", ("", ""))
    autocrlf = value_of("core.autocrlf").lower()
    ending = value_of("core.eol").lower()
    return Settings(
        bare=_is_true(value_of("core.bare")),
        object_format=value_of("extensions.objectformat").lower() or "sha1",
        crlf_by_default=_is_true(autocrlf),
        crlf_for_text=_is_true(autocrlf)
        or (autocrlf != "input" and (ending == "crlf" or (os.name == "nt" and ending in ("", "native")))),
        ignore_case=_is_true(value_of("core.ignorecase")),
        filters=frozenset(key[7:].rpartition(".")[0] for key in values if key.startswith("filter.")),
        user_ignore_file=os.path.expanduser(ignore_file) if scope in _USER_SCOPES else "",
        safe_directories=tuple(safe),
        remotes={key[7:-4]: text for key, (_, text) in values.items() if key[:7] == "remote." and key[-4:] == ".url"},
    )


def hardened(repository: Repository, settings: Settings) -> Repository:
    """Return the repository with its filters overruled and the user's ignore file kept."""
    overrides: list[tuple[str, str]] = []
    for name in sorted(settings.filters):
        for part, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")):
            overrides.append((f"filter.{name}.{part}", value))
    if settings.user_ignore_file:
        overrides.append(("core.excludesFile", settings.user_ignore_file))
    return dataclasses.replace(repository, object_format=settings.object_format, overrides=tuple(overrides))


def _is_true(value: str) -> bool:
    text = value.strip().lower()
    return text in ("true", "yes", "on") or (text.lstrip("+-").isdigit() and int(text) != 0)
