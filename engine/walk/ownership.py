"""Whose repository is it? Git refuses one of another owner; naming the directory explicitly, as we must, skips that
check, so it is made here by the same rule (git's documentation of ``safe.directory``)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.errors import InputError
from engine.walk.failures import printable

TRUST_VARIABLE = "PACKSIGHT_TRUST_OWNER"
"""Set to ``1``, it accepts repositories of other owners for this run."""


def require_trusted_owner(owned: Sequence[str], directory: str, safe_directories: Sequence[str]) -> None:
    """Make sure that we own the repository or that its user said it is safe.

    Args:
        owned: ``.git``, the work tree and the git directory: each must be ours.
        directory: The work tree (or bare repository) that ``safe.directory`` would name.
        safe_directories: Values of the user's and system's configuration.

    Raises:
        InputError: Somebody else owns it.
    """
    if not hasattr(os, "geteuid") or os.environ.get(TRUST_VARIABLE) == "1":
        return
    trusted = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdigit():
        trusted.add(int(os.environ["SUDO_UID"]))
    if all(os.lstat(path).st_uid in trusted for path in owned) or _allowed(directory, safe_directories):
        return
    name = printable(directory)
    raise InputError(
        f"{name} belongs to another user, so git does not trust its configuration.",
        f"Allow it with `git config --global --add safe.directory {name}`, or once with {TRUST_VARIABLE}=1.",
    )


def _allowed(directory: str, safe_directories: Sequence[str]) -> bool:
    for value in safe_directories:
        if value == "*" or os.path.realpath(os.path.expanduser(value)) == directory:
            return True
        if value.endswith("/*") and directory.startswith(os.path.realpath(os.path.expanduser(value[:-2])) + os.sep):
            return True
    return False
